// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.trust.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/** By which records know a host that is alone: it keeps it, whatever the host is called. */
final class NodeId {

    private NodeId() {}

    /** The ID in a folder; it is made up when there is none. */
    static String in(Path state) throws IOException {
        Path file = state.resolve("node");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            String id = UUID.randomUUID().toString();
            PrivateFile.write(file, (id + "\n").getBytes(UTF_8));
            return id;
        }
    }
}
