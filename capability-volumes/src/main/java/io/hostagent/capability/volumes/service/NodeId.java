// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.trust.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * By which name records know a host that is alone. It is the host's own when the first volume was
 * thought of, and stays whatever the host is called later.
 */
final class NodeId {

    private NodeId() {}

    /**
     * The name in a folder.
     *
     * @param host what the host is called, for the first time
     */
    static String in(Path state, Supplier<String> host) throws IOException {
        Path file = state.resolve("node");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            String name = host.get();
            PrivateFile.write(file, (name + "\n").getBytes(UTF_8));
            return name;
        }
    }
}
