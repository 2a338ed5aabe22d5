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

    /** What engines and the kubelet mount into every container, and nobody on a host. */
    private static final Set<String> GIVEN =
            Set.of("/etc/hostname", "/etc/hosts", "/run/.containerenv");

    /** The root of a managed plugin, which is given none of these. */
    private static final Pattern PLUGIN = Pattern.compile(".*/plugins/[0-9a-f]{64}/rootfs");

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
     * Whether a process is in a container, of whatever engine, or a managed plugin of one. The file
     * {@code /.dockerenv} says less: a machine whose disk was made from an image has it, too.
     *
     * @param mounts that the process has
     */
    static boolean holds(List<Mount> mounts) {
        return mounts.stream().map(Mount::point).anyMatch(GIVEN::contains)
                || Mount.at(mounts, "/")
                        .filter(root -> PLUGIN.matcher(root.root()).matches())
                        .isPresent();
    }
}
