// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small file of {@code /proc} or {@code /sys}. That there is none, that it may not be read, or
 * that a driver has no answer ({@code EINVAL} or {@code ENODATA}, for the speed of a network
 * interface without a cable) is all the same: the kernel does not tell.
 */
public final class KernelFile {

    /** What is read of a file at most, in bytes: the largest read here has a few hundred kB. */
    private static final int LIMIT = 4 << 20;

    private KernelFile() {}

    /** The text without the space around it; {@code null} when there is none. */
    public static @Nullable String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LIMIT), UTF_8).strip();
            return text.isEmpty() ? null : text;
        } catch (IOException e) {
            return null;
        }
    }

    /** The whole number that a file holds; {@code null} when it holds none. */
    public static @Nullable Long number(Path file) {
        String text = text(file);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The number that a file holds as {@code 0x1af4}; {@code null} when it holds none. */
    public static @Nullable Integer hexadecimal(Path file) {
        String text = text(file);
        try {
            return text == null || !text.startsWith("0x")
                    ? null
                    : Integer.valueOf(text.substring(2), 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether a file holds a 1. */
    public static boolean flag(Path file) {
        return "1".equals(text(file));
    }

    /** What is in a folder, by name; nothing when there is no folder. */
    public static List<Path> entries(Path folder) {
        try {
            return list(folder);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** What is in a folder, by name. */
    public static List<Path> list(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        }
        Collections.sort(entries);
        return entries;
    }

    /** The last name in what a link says; {@code null} when there is no link. */
    public static @Nullable String linked(Path link) {
        try {
            Path name = Files.readSymbolicLink(link).getFileName();
            return name == null ? null : name.toString();
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** The last name of a path. */
    public static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
