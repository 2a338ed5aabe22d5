// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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

    /**
     * What all files of a folder may have, in bytes: some 25,000 samples, far more than anybody
     * scrapes. They are in memory as a whole while they are read, and as samples from then on.
     */
    static final long LARGEST = 2 << 20;

    /** Within this time a file can be changed again without its time or its size telling. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    /**
     * Reads a file.
     *
     * @param room bytes that it may have beside the other files
     * @param before what it said in the former scrape; {@code null}: not known
     * @throws IOException when it cannot be read, or not be understood
     */
    static TextFile read(Path path, long room, @Nullable TextFile before) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        // Opening a pipe would wait for somebody to write into it.
        if (!attributes.isRegularFile()) {
            throw new IOException(path + " is no file");
        }
        if (attributes.size() > room) {
            throw new IOException(
                    path + " is too large: all files together may have " + LARGEST + " bytes");
        }
        if (before != null && before.isStill(attributes)) {
            return before;
        }
        return new TextFile(
                path,
                attributes.fileKey(),
                attributes.lastModifiedTime(),
                attributes.size(),
                TextFormat.parse(text(path, room)));
    }

    private static String text(Path path, long room) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes((int) room + 1);
            if (bytes.length > room) {
                throw new IOException(path + " has grown beyond " + room + " bytes");
            }
            // Unlike a String's constructor, it refuses what is not UTF-8.
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private boolean isStill(BasicFileAttributes attributes) {
        return Objects.equals(key, attributes.fileKey())
                && written.equals(attributes.lastModifiedTime())
                && size == attributes.size()
                && written.toInstant().isBefore(Instant.now().minus(SETTLED));
    }
}
