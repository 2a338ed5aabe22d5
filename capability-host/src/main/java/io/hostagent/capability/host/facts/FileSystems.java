// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.host.Mount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Chooses, of all mounts of the host, the file systems in which something is stored. */
final class FileSystems {

    /** Types without a place on a disk, in memory or on a server, as in proc_filesystems(5). */
    private static final Set<String> PSEUDO =
            Set.of(
                    "autofs",
                    "binfmt_misc",
                    "bpf",
                    "cgroup",
                    "cgroup2",
                    "configfs",
                    "debugfs",
                    "devpts",
                    "devtmpfs",
                    "efivarfs",
                    "fuse.gvfsd-fuse",
                    "fuse.lxcfs",
                    "fuse.portal",
                    "fusectl",
                    "hugetlbfs",
                    "mqueue",
                    "nsfs",
                    "proc",
                    "pstore",
                    "resctrl",
                    "rootfs",
                    "rpc_pipefs",
                    "securityfs",
                    "selinuxfs",
                    "smackfs",
                    "squashfs",
                    "sysfs",
                    "tracefs");

    /** What engines and the kubelet mount for a container alone. */
    private static final Pattern OF_A_CONTAINER =
            Pattern.compile(
                    ".*/(containers/[0-9a-f]{64}|overlay2?|overlay-containers"
                            + "|io\\.containerd\\.[^/]+|kubelet/pods)/.*");

    /** Where the kernel and systemd keep things in memory that nobody has put there. */
    private static final Pattern OF_THE_KERNEL =
            Pattern.compile("/(dev|proc|sys|run/credentials)/.*");

    private static final Set<String> MADE_FOR_CONTAINERS = Set.of("overlay", "tmpfs", "fuse");

    private FileSystems() {}

    /** One mount for each file system, that with the shortest path, in the order of their paths. */
    static List<Mount> of(List<Mount> mounts) {
        Map<String, Mount> visible = new LinkedHashMap<>();
        // The last one that is mounted at a path hides the others.
        mounts.forEach(mount -> visible.put(mount.point(), mount));
        Map<String, Mount> byDevice = new LinkedHashMap<>();
        shortestFirst(visible.values()).stream()
                .filter(FileSystems::isStorage)
                .forEach(mount -> byDevice.putIfAbsent(mount.device(), mount));
        return byDevice.values().stream().sorted(Comparator.comparing(Mount::point)).toList();
    }

    private static List<Mount> shortestFirst(Collection<Mount> mounts) {
        List<Mount> sorted = new ArrayList<>(mounts);
        sorted.sort(Comparator.comparingInt(mount -> mount.point().length()));
        return sorted;
    }

    private static boolean isStorage(Mount mount) {
        if (PSEUDO.contains(mount.type()) || OF_THE_KERNEL.matcher(mount.point()).matches()) {
            return false;
        }
        return !MADE_FOR_CONTAINERS.contains(mount.type())
                || !OF_A_CONTAINER.matcher(mount.point()).matches();
    }
}
