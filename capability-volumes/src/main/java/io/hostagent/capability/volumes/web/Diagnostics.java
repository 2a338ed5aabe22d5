// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What else goes into the diagnostics, besides what the calls show. None of it is a secret.
 *
 * @param parts each a file
 */
public record Diagnostics(List<Part> parts) {

    /**
     * A file.
     *
     * @param name such as {@code mounts.txt}
     * @param content read when somebody asks, on a thread that may block
     */
    public record Part(String name, Callable<byte[]> content) {}

    public Diagnostics {
        parts = List.copyOf(parts);
    }

    /**
     * The mounts of volumes, as the kernel lists them.
     *
     * @param mountInfo such as {@code /proc/self/mountinfo}
     * @param folders below which they are
     */
    public static Part mounts(Path mountInfo, List<Path> folders) {
        List<String> marks = folders.stream().map(folder -> " " + folder).toList();
        return new Part("mounts.txt", () -> mountsOf(mountInfo, marks));
    }

    private static byte[] mountsOf(Path mountInfo, List<String> marks) throws IOException {
        try (Stream<String> lines = Files.lines(mountInfo)) {
            return lines.filter(line -> marks.stream().anyMatch(line::contains))
                    .collect(Collectors.joining("\n", "", "\n"))
                    .getBytes(UTF_8);
        }
    }
}
