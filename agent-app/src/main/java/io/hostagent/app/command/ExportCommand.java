// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static io.hostagent.app.command.VolumesConsole.part;
import static io.hostagent.app.command.VolumesConsole.volume;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code agent volumes export}. */
@Command(name = "export", description = "Fetches all files of a volume as an archive of GNU tar.")
final class ExportCommand implements Callable<Integer> {

    private final VolumesConsole console;

    @Parameters(paramLabel = "NAME", description = "Which one.")
    private String name = "";

    @Parameters(paramLabel = "FILE", description = "A new file; - for standard output.")
    private String file = "";

    @Option(
            names = "--snapshot",
            paramLabel = "SNAPSHOT",
            description = "Of which snapshot; otherwise of what it holds now.")
    private @Nullable String snapshot;

    ExportCommand(VolumesConsole console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        String query = snapshot == null ? "" : "?snapshot=" + part(snapshot);
        NewFile.fetch(console.client(), volume(name) + "/export" + query, file);
        return AgentCommands.DONE;
    }
}
