// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** All cgroups of a tree. Those that go away meanwhile are left out. */
final class CgroupWalk {

    /** As many as are looked at; the largest hosts have some thousand. */
    private static final int MOST = 20_000;

    private CgroupWalk() {}

    /** Tells the path of each below a root, the root itself left out. */
    static void below(Path root, Consumer<String> found) {
        Deque<Path> ahead = new ArrayDeque<>();
        ahead.add(root);
        int seen = 0;
        while (!ahead.isEmpty() && seen < MOST) {
            Path folder = ahead.poll();
            try (DirectoryStream<Path> stream =
                    Files.newDirectoryStream(
                            folder, file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))) {
                for (Path child : stream) {
                    seen++;
                    ahead.add(child);
                    found.accept("/" + root.relativize(child));
                }
            } catch (IOException | DirectoryIteratorException e) {
                // It ended while it was looked at.
            }
        }
    }
}
