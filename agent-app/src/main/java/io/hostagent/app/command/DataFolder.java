// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.settings.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which data folder a command works on. */
final class DataFolder {

    private final Function<String, @Nullable String> variables;
    private @Nullable Path chosen;

    DataFolder(Function<String, @Nullable String> variables) {
        this.variables = variables;
    }

    void choose(Path path) {
        chosen = path;
    }

    /**
     * The folder, which has to be there: making one for a mistyped path would look like success.
     */
    Path path() {
        Path path = chosen == null ? new SettingsReader(variables).dataPath() : chosen;
        if (!Files.isDirectory(path)) {
            throw new SettingsException(
                    path
                            + " is not a folder; name the agent's data folder with --data or DATA_PATH");
        }
        return path;
    }
}
