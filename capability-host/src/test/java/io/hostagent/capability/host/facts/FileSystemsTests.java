// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.host.Mount;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileSystemsTests {

    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void areThoseInWhichSomethingIsStored() {
        assertThat(
                        points(
                                """
                                22 27 0:21 / /proc rw - proc proc rw
                                23 27 0:22 / /sys rw - sysfs sysfs rw
                                31 23 0:28 / /sys/fs/cgroup ro - cgroup2 cgroup2 rw
                                25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw
                                26 24 0:24 / /run rw - tmpfs tmpfs rw
                                27 1 254:0 / / rw - ext4 /dev/vda rw
                                40 27 0:50 / /net/srv rw - nfs4 srv:/export rw
                                41 27 0:51 / /misc rw - autofs systemd-1 rw
                                42 27 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro
                                43 27 0:52 / /run/netns/x rw - nsfs nsfs rw
                                """))
                .containsExactly("/", "/net/srv", "/run");
    }

    @Test
    void areEachThereOnceAtTheShortestPath() {
        assertThat(
                        points(
                                """
                                27 1 254:0 / / rw - ext4 /dev/vda rw
                                50 27 254:0 /docker /var/lib/docker rw - ext4 /dev/vda rw
                                51 27 8:17 / /mnt/data/long rw - xfs /dev/sdb1 rw
                                52 27 8:17 /x /mnt/x rw - xfs /dev/sdb1 rw
                                """))
                .containsExactly("/", "/mnt/x");
    }

    @Test
    void areWhatIsSeenAtAPath() {
        assertThat(
                        FileSystems.of(
                                Mount.parse(
                                        """
                                        1 1 0:2 / / rw - rootfs rootfs rw
                                        27 1 254:0 / / rw - ext4 /dev/vda rw
                                        60 27 8:17 / /mnt rw - xfs /dev/sdb1 rw
                                        61 60 8:33 / /mnt rw - ext4 /dev/sdc1 rw
                                        """)))
                .extracting(Mount::source)
                .containsExactly("/dev/vda", "/dev/sdc1");
    }

    /** A live system's own root is an overlay, and counts. */
    @Test
    void areNotThoseOfContainers() {
        assertThat(
                        points(
                                """
                                27 1 0:20 / / rw - overlay overlay rw
                                60 27 0:60 / /var/lib/docker/overlay2/%1$s/merged rw - overlay overlay rw
                                61 27 0:61 / /var/lib/docker/containers/%1$s/mounts/shm rw - tmpfs shm rw
                                62 27 0:62 / /run/containerd/io.containerd.runtime.v2.task/k8s.io/x/rootfs rw - overlay overlay rw
                                63 27 0:63 / /var/lib/kubelet/pods/1f/volumes/kubernetes.io~secret/t rw - tmpfs tmpfs rw
                                64 27 0:64 / /var/lib/kubelet/pods/1f/volumes/kubernetes.io~nfs/d rw - nfs4 srv:/d rw
                                65 27 0:65 / /run/containers/tmp rw - tmpfs tmpfs rw
                                """
                                        .formatted(ID)))
                .containsExactly(
                        "/",
                        "/run/containers/tmp",
                        "/var/lib/kubelet/pods/1f/volumes/kubernetes.io~nfs/d");
    }

    private static List<String> points(String mountinfo) {
        return FileSystems.of(Mount.parse(mountinfo)).stream().map(Mount::point).toList();
    }
}
