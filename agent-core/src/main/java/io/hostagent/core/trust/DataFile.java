// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A small JSON file of the data folder; one that is damaged is an error and never an empty one. */
final class DataFile {

    /** Far above what the files hold; a larger one is not ours. */
    private static final int LARGEST = 1 << 20;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private DataFile() {}

    static byte[] json(Object document) {
        return JSON.writeValueAsBytes(document);
    }

    /** Whether there is anything of that name, be it readable or not. */
    static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads a document; empty when there is no such file. */
    static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
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
            return Optional.of(
                    Optional.ofNullable(JSON.readValue(content, type))
                            .orElseThrow(() -> damaged(file, "it holds nothing")));
        } catch (JacksonException e) {
            throw damaged(file, "it is not the JSON that this agent writes");
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
