// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A path of the host as the host itself would follow it. {@code /etc/os-release} may be a link to
 * an absolute path, and the kernel would look for that in the container. It is for fixed paths of
 * the host's own configuration, and no jail.
 */
final class RootedPath {

    /** As many as the kernel follows, see path_resolution(7). */
    private static final int LINKS = 40;

    private RootedPath() {}

    /** Where a path of the host leads, without any link; empty when it leads to nothing. */
    static Optional<Path> resolve(Path root, String path) {
        Deque<Path> ahead = new ArrayDeque<>();
        Path.of(path).forEach(ahead::add);
        Path reached = root;
        int links = 0;
        while (!ahead.isEmpty()) {
            Path name = ahead.pop();
            if (name.toString().equals("..")) {
                reached = reached.equals(root) ? root : reached.resolveSibling("");
                continue;
            }
            Path next = reached.resolve(name).normalize();
            if (!Files.isSymbolicLink(next)) {
                reached = next;
                continue;
            }
            if (++links > LINKS) {
                return Optional.empty();
            }
            try {
                Path target = Files.readSymbolicLink(next);
                reached = target.isAbsolute() ? root : reached;
                Deque<Path> behind = new ArrayDeque<>();
                target.forEach(behind::push);
                behind.forEach(ahead::push);
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Files.exists(reached) ? Optional.of(reached) : Optional.empty();
    }
}
