// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The container that this agent runs in, if it does. */
public final class OwnContainer {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Pattern ID =
            Pattern.compile("/containers/([0-9a-f]{64})/(?:hostname|hosts|resolv\\.conf) ");

    /** What Docker and Podman leave in the root of every container. */
    private static final List<String> MARKS = List.of(".dockerenv", "run/.containerenv");

    /** What engines and the kubelet mount into every container, and nobody on a host. */
    private static final Set<String> GIVEN = Set.of("/etc/hostname", "/etc/hosts");

    /** PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h: the first namespace of all. */
    private static final String FIRST_PIDS = "pid:[4026531836]";

    /** ID, parent, device, folder, and the mount point. */
    private static final Pattern ROOT_LINE = Pattern.compile("\\d+ \\d+ \\S+ \\S+ / ");

    private OwnContainer() {}

    /**
     * Its ID, where the engine is Docker: that one mounts files of its own folder for the
     * container, which has the ID in its name ({@code /proc/self/mountinfo}, see proc(5)). The host
     * name would tell less: a stack can set it.
     */
    public static Optional<String> id() {
        try {
            return id(Files.readString(MOUNTS));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<String> id(String mounts) {
        Matcher matcher = ID.matcher(mounts);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /**
     * Whether a process is in a container, of whatever engine.
     *
     * @param root of the process
     * @param mounts that it has
     */
    static boolean holds(Path root, List<Mount> mounts) {
        return !sharesRootWithTheFirst(root)
                && (MARKS.stream().anyMatch(mark -> Files.exists(root.resolve(mark)))
                        || mounts.stream().map(Mount::point).anyMatch(GIVEN::contains));
    }

    /**
     * Whether a process has the same root as the host's first one, which is the same mount: its ID
     * is at the beginning of its line. Then it is in no container, though a virtual machine that
     * was made of an image has the marks of one.
     */
    private static boolean sharesRootWithTheFirst(Path root) {
        Path proc = root.resolve("proc");
        try {
            Optional<String> own = rootLine(proc.resolve("self/mountinfo"));
            return Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString().equals(FIRST_PIDS)
                    && own.isPresent()
                    && own.equals(rootLine(proc.resolve("1/mountinfo")));
        } catch (IOException e) {
            // It may not look: the marks have to do.
            return false;
        }
    }

    private static Optional<String> rootLine(Path mountinfo) throws IOException {
        return Files.readString(mountinfo)
                .lines()
                .filter(line -> ROOT_LINE.matcher(line).lookingAt())
                .reduce((first, last) -> last);
    }
}
