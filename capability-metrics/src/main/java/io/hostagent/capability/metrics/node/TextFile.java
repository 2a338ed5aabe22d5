// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a file said when it was read. It is read again when it is another one.
 *
 * @param key tells it from another file of the same name
 * @param written when it was changed for the last time
 * @param size in bytes
 */
record TextFile(
        Path path, @Nullable Object key, FileTime written, long size, List<TextFamily> families) {

    /** Far more than anybody scrapes; what is larger is not what it should be. */
    private static final long LARGEST = 8 << 20;

    /** Within this time a file can be changed again without its time or its size telling. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    /**
     * Reads a file.
     *
     * @param before what it said in the former scrape; {@code null}: not known
     * @throws IOException when it cannot be read, or not be understood
     */
    static TextFile read(Path path, @Nullable TextFile before) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        // Opening a pipe would wait for somebody to write into it.
        if (!attributes.isRegularFile()) {
            throw new IOException(path + " is no file");
        }
        if (attributes.size() > LARGEST) {
            throw new IOException(path + " is larger than " + LARGEST + " bytes");
        }
        if (before != null && before.isStill(attributes)) {
            return before;
        }
        return new TextFile(
                path,
                attributes.fileKey(),
                attributes.lastModifiedTime(),
                attributes.size(),
                TextFormat.parse(text(path)));
    }

    private static String text(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes((int) LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException(path + " has grown beyond " + LARGEST + " bytes");
            }
            return new String(bytes, UTF_8);
        }
    }

    private boolean isStill(BasicFileAttributes attributes) {
        return Objects.equals(key, attributes.fileKey())
                && written.equals(attributes.lastModifiedTime())
                && size == attributes.size()
                && written.toInstant().isBefore(Instant.now().minus(SETTLED));
    }
}
