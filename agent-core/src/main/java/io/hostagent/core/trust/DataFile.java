// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A small JSON file of the data folder; one that is damaged is an error and never an empty one. */
final class DataFile {

    /** Far above what the files hold; a larger one is not ours. */
    private static final int LARGEST = 1 << 20;

    private static final String NOT_OURS = "it is not the JSON that this agent writes";

    private DataFile() {}

    /** Whether there is anything of that name, be it readable or not. */
    static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads a document; empty when there is no such file. */
    static Optional<Map<String, @Nullable Object>> read(Path file) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(LARGEST + 1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e, e);
        }
        if (content.length > LARGEST) {
            throw damaged(file, "it is larger than 1 MiB");
        }
        try {
            if (JsonTree.read(content) instanceof Map<?, ?> document) {
                return Optional.of(JsonTree.map(document));
            }
        } catch (JsonException e) {
            throw damaged(file, NOT_OURS);
        }
        throw damaged(file, NOT_OURS);
    }

    /**
     * A text of a document; {@code null} when it has none of that name.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static @Nullable String text(Map<?, ?> document, String name) {
        return switch (document.get(name)) {
            case null -> null;
            case String text -> text;
            default -> throw new IllegalArgumentException(name + " is not a text");
        };
    }

    /**
     * A time of a document; {@code null} when it has none of that name.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static @Nullable Instant time(Map<?, ?> document, String name) {
        String text = text(document, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " is not a time", e);
        }
    }

    /** The error of a file that can be opened but not understood. */
    static IOException damaged(Path file, String why) {
        return new IOException(
                file
                        + " is damaged: "
                        + why
                        + "; put a good copy back, or begin anew (trust: agent trust reset; tokens:"
                        + " remove the file)");
    }
}
