// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hostagent.core.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A block of a PEM file.
 *
 * @param label such as {@code CERTIFICATE}
 * @param text everything between the two lines that name it
 */
record Pem(String label, String text) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /** Far above any chain of certificates. */
    private static final long LARGEST = 1 << 20;

    /** Reads the blocks of a file; whatever stands between them is a comment. */
    static List<Pem> read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new SettingsException(file + " is too large to be a PEM file");
            }
            // Comments may be in any encoding: ISO 8859-1 can decode every byte.
            String text = Files.readString(file, ISO_8859_1);
            return BLOCK.matcher(text).results().map(Pem::of).toList();
        } catch (NoSuchFileException e) {
            throw new SettingsException(file + " does not exist");
        } catch (IOException e) {
            throw new SettingsException(file + " cannot be read: " + e);
        }
    }

    static byte[] write(String label, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, body, label)
                .getBytes(US_ASCII);
    }

    /**
     * The block's content.
     *
     * @throws IllegalArgumentException when it is not Base64
     */
    byte[] content() {
        return Base64.getMimeDecoder().decode(text.strip());
    }

    /** Whether it can only be read with a password, in either of the two ways there are. */
    boolean encrypted() {
        return label.startsWith("ENCRYPTED") || text.contains("ENCRYPTED");
    }

    private static Pem of(MatchResult block) {
        return new Pem(block.group(1), block.group(2));
    }

    @Override
    public String toString() {
        return label;
    }
}
