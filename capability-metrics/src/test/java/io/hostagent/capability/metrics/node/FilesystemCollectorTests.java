// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.SpaceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemCollectorTests {

    private static final String CONTAINER =
            "1 0 0:61 / / rw - overlay overlay rw\n2 1 8:1 /h /etc/hosts rw - ext4 /dev/sda1 rw\n";

    private static final String ROOT = "27 1 8:1 / / rw - ext4 /dev/sda1 rw\n";

    private static final String HOST =
            """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            24 27 0:6 / /dev rw - devtmpfs devtmpfs rw
            25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw
            27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
            28 27 8:2 / /my\\040data ro,relatime shared:2 master:1 - xfs /dev/sda2 rw
            29 27 0:50 / /srv rw - nfs4 server:/srv rw
            40 27 0:70 / /var/lib/docker/overlay2/0a/merged rw - overlay overlay rw
            41 27 0:71 / /var/lib/docker/containers/0a/mounts/shm rw - tmpfs shm rw
            42 27 0:4 net:[4026532000] /run/docker/netns/0a rw - nsfs nsfs rw
            """;

    @TempDir private Path folder = Path.of("");

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final CountDownLatch back = new CountDownLatch(1);
    private final SpaceReader spaces = new SpaceReader(this::call);

    @AfterEach
    void bringTheServerBack() {
        back.countDown();
    }

    /** What the kernel does: the server of /srv is dead, and /broken cannot be read. */
    private FileSystemSpace call(String path) throws IOException {
        asked.add(path);
        if (path.endsWith("/broken")) {
            throw new IOException("input/output error");
        }
        if (path.endsWith("/srv")) {
            boolean dead = true;
            while (dead) {
                try {
                    back.await();
                    dead = false;
                } catch (InterruptedException e) {
                    // Not to be interrupted.
                }
            }
        }
        return new FileSystemSpace(500, 400, 300, 20, 10);
    }

    private FilesystemCollector collector(NodeSettings settings) {
        return new FilesystemCollector(settings, folder, spaces, Duration.ZERO);
    }

    /** An agent in a container that sees these mounts of the host below its root. */
    private RecordedHost host(String ofHost, String... seen) {
        String root = folder.resolve("host").toString();
        StringBuilder own =
                new StringBuilder(CONTAINER + "3 1 8:1 / /host ro - ext4 /dev/sda1 rw\n");
        for (String mount : seen) {
            own.append("4 1 ").append(mount.formatted(root)).append('\n');
        }
        return RecordedHost.in(folder)
                .file("host/proc/1/mountinfo", ofHost)
                .file("proc/self/mountinfo", own.toString());
    }

    private RecordedHost host() {
        return host(
                HOST,
                "8:1 / %s ro - ext4 /dev/sda1 rw",
                "8:2 / %s/my\\040data ro - xfs /dev/sda2 rw",
                "0:50 / %s/srv ro - nfs4 server:/srv rw");
    }

    private Collected collected(RecordedHost host, Duration timeout) throws IOException {
        return Collected.by(collector(settings(timeout)), host.files());
    }

    private static NodeSettings settings(Duration timeout) {
        NodeSettings all = NodeSettings.DEFAULTS;
        return new NodeSettings(
                all.on(),
                all.off(),
                all.cpuInfo(),
                all.mountPoints(),
                all.fileSystemTypes(),
                timeout,
                all.disks(),
                all.networkCounters(),
                all.networkClass(),
                all.netstatFields(),
                all.vmstatFields(),
                all.systemdUnits(),
                all.textfiles());
    }

    @Test
    void tellsTheRoomOfTheHostsFileSystemsUnderTheHostsPaths() throws IOException {
        back.countDown();

        Collected found = collected(host(), Duration.ofSeconds(20));

        String data = "{device=\"/dev/sda2\",fstype=\"xfs\",mountpoint=\"/my data\"}";
        assertThat(found.values())
                .containsEntry("node_filesystem_size_bytes" + data, 500.0)
                .containsEntry("node_filesystem_free_bytes" + data, 400.0)
                .containsEntry("node_filesystem_avail_bytes" + data, 300.0)
                .containsEntry("node_filesystem_files" + data, 20.0)
                .containsEntry("node_filesystem_files_free" + data, 10.0)
                .containsEntry("node_filesystem_readonly" + data, 1.0)
                .containsEntry("node_filesystem_device_error" + data, 0.0)
                .containsEntry(
                        "node_filesystem_mount_info{device=\"/dev/sda2\",major=\"8\",minor=\"2\","
                                + "mountpoint=\"/my data\"}",
                        1.0)
                .containsEntry(
                        "node_filesystem_readonly"
                                + "{device=\"/dev/sda1\",fstype=\"ext4\",mountpoint=\"/\"}",
                        0.0)
                .hasSize(3 * 8);
        String root = folder.resolve("host").toString();
        assertThat(asked).containsExactlyInAnyOrder(root, root + "/my data", root + "/srv");
    }

    @Test
    void isHeldUpByADeadServerNoLongerThanItsLimitAndNotASecondTime() throws IOException {
        FilesystemCollector collector = collector(settings(Duration.ofMillis(400)));
        RecordedHost host = host();
        String dead =
                "node_filesystem_device_error{device=\"server:/srv\","
                        + "device_error=\"mountpoint timeout\",fstype=\"nfs4\",mountpoint=\"/srv\"}";

        long start = System.nanoTime();
        Collected first = Collected.by(collector, host.files());
        Duration firstTook = Duration.ofNanos(System.nanoTime() - start);

        assertThat(first.values()).containsEntry(dead, 1.0).hasSize(2 * 8 + 2);
        assertThat(firstTook).isBetween(Duration.ofMillis(400), Duration.ofSeconds(5));
        assertThat(Collected.by(collector, host.files()).values()).isEqualTo(first.values());
        assertThat(asked).filteredOn(path -> path.endsWith("/srv")).hasSize(1);
    }

    @Test
    void waitsNoLongerThanTheScrapeMayTake() throws IOException {
        long start = System.nanoTime();
        collector(settings(Duration.ofSeconds(60)))
                .collect(
                        new NodeScrape(
                                host().files(),
                                new KernelText(),
                                start + Duration.ofMillis(600).toNanos()),
                        new SampleSet());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void saysWhyTheKernelRefuses() throws IOException {
        Collected found =
                collected(
                        host(
                                ROOT + "28 27 8:9 / /broken ro - ext4 /dev/sdb rw\n",
                                "8:1 / %s ro - ext4 /dev/sda1 rw",
                                "8:9 / %s/broken ro - ext4 /dev/sdb rw"),
                        Duration.ofSeconds(20));

        String labels =
                "{device=\"/dev/sdb\",device_error=\"input/output error\",fstype=\"ext4\","
                        + "mountpoint=\"/broken\"}";
        assertThat(found.values())
                .containsEntry("node_filesystem_device_error" + labels, 1.0)
                .containsEntry("node_filesystem_readonly" + labels, 1.0)
                .hasSize(8 + 2);
    }

    /** The answer would be that of the file system below. */
    @Test
    void doesNotAskForWhatWasMountedWithoutTheAgentSeeingIt() throws IOException {
        Collected found =
                collected(
                        host(
                                """
                                27 1 8:1 / / rw - ext4 /dev/sda1 rw
                                28 27 8:7 / /late rw - xfs /dev/sdc rw
                                """,
                                "8:1 / %s ro - ext4 /dev/sda1 rw"),
                        Duration.ofSeconds(20));

        assertThat(asked).containsExactly(folder.resolve("host").toString());
        assertThat(found.key("node_filesystem_device_error{device=\"/dev/sdc\""))
                .contains("not seen by the agent");
    }

    @Test
    void tellsOfTheLastOneThatIsMountedAtAPointAndOfNoLineThatIsCutOff() throws IOException {
        Collected found =
                collected(
                        host(
                                ROOT
                                        + """
                                28 27 8:3 / /data rw - ext4 /dev/old rw
                                28 27 8:2 / /data rw - ext4 /dev/new rw
                                29 27 8:3 / /data rw
                                30

                                """,
                                "8:1 / %s ro - ext4 /dev/sda1 rw",
                                "8:2 / %s/data ro - ext4 /dev/new rw"),
                        Duration.ofSeconds(20));

        assertThat(found.values())
                .containsKey(
                        "node_filesystem_size_bytes{device=\"/dev/new\",fstype=\"ext4\",mountpoint=\"/data\"}")
                .hasSize(2 * 8);
    }

    @Test
    void hasNothingInAContainerWithoutTheHostsRoot() {
        RecordedHost host = RecordedHost.in(folder).file("proc/self/mountinfo", CONTAINER);

        assertThatThrownBy(() -> collected(host, Duration.ofSeconds(1)))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("-v /:/host:ro");
    }

    @Test
    void takesOnlyTypesAndPointsThatAreAskedFor() {
        MountTable table = new MountTable(NameFilter.only("^(xfs|nfs4)$"));
        KernelText text = new KernelText();
        text.take(HOST);

        assertThat(table.read(text).keySet()).containsExactly("/my data", "/srv");
        assertThat(List.of("/dev", "/dev/shm", "/proc/x", "/sys", "/run/credentials/a.service"))
                .noneMatch(NodeSettings.DEFAULTS.mountPoints()::takes);
        assertThat(List.of("/", "/device", "/run", "/var/lib/docker", "/home/dev"))
                .allMatch(NodeSettings.DEFAULTS.mountPoints()::takes);
    }
}
