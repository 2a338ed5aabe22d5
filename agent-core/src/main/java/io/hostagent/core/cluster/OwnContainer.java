// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The container that this agent runs in, if it does: an engine mounts files of its own folder for
 * the container, which has the ID in its name ({@code /proc/self/mountinfo}, see proc(5)). The host
 * name would tell less: a stack can set it.
 */
public final class OwnContainer {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Pattern ID =
            Pattern.compile("/containers/([0-9a-f]{64})/(?:hostname|hosts|resolv\\.conf) ");

    private OwnContainer() {}

    /** Its ID; empty outside of a container. */
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
}
