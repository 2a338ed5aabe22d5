// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.trust.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Whose volumes are in a folder.
 *
 * @param node how records name this host: as it was called when the folder was first used, whatever
 *     it is called later
 * @param id of this folder among all that there are
 */
record Home(String node, String id) {

    /**
     * Finds out, or makes it up for a folder that was never used.
     *
     * @param keeper a file elsewhere that remembers the folder. When that is there and the folder
     *     is empty, it is another one: its disk is not mounted
     * @param host what the host is called
     * @throws IOException also when the folder is another one
     */
    static Home in(Path state, Path keeper, Supplier<String> host) throws IOException {
        Path file = state.resolve("home");
        try {
            List<String> lines = Files.readAllLines(file);
            Home home = new Home(lines.getFirst(), lines.getLast());
            if (!Files.exists(keeper)) {
                remember(keeper, state, home);
            }
            return home;
        } catch (NoSuchFileException e) {
            if (Files.exists(keeper) && Files.readString(keeper).contains(state + "\n")) {
                throw new IOException(
                        "there were volumes in "
                                + state.getParent()
                                + " and there are none now: mount its disk, or remove "
                                + keeper
                                + " to begin anew",
                        e);
            }
            Home home = new Home(host.get(), UUID.randomUUID().toString());
            PrivateFile.write(file, (home.node + "\n" + home.id + "\n").getBytes(UTF_8));
            remember(keeper, state, home);
            return home;
        }
    }

    private static void remember(Path keeper, Path state, Home home) throws IOException {
        PrivateFile.write(keeper, (state + "\n" + home.id + "\n").getBytes(UTF_8));
    }
}
