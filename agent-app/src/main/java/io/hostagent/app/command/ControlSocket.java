// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which running agent a command calls. */
final class ControlSocket {

    private static final String FOLDER = "VOLUMES_PATH";

    private final Function<String, @Nullable String> variables;
    private @Nullable Path chosen;

    ControlSocket(Function<String, @Nullable String> variables) {
        this.variables = variables;
    }

    void choose(Path path) {
        chosen = path;
    }

    /** Its socket, which has to be there. */
    Path path() throws IOException {
        Path path = chosen == null ? folder().resolve("control.sock") : chosen;
        if (!Files.exists(path)) {
            throw new IOException(
                    "no agent listens on "
                            + path
                            + "; start it with CAP_VOLUMES=1, or name its socket with --socket or "
                            + FOLDER);
        }
        if (!Files.isWritable(path)) {
            throw new AccessDeniedException(path.toString());
        }
        return path;
    }

    private Path folder() {
        String folder = variables.apply(FOLDER);
        return Path.of(folder == null || folder.isBlank() ? "/var/lib/host-agent/volumes" : folder);
    }
}
