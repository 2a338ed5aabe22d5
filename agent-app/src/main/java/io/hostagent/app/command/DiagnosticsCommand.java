// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code agent volumes diagnostics}. */
@Command(
        name = "diagnostics",
        description = "Fetches a ZIP archive for whoever looks for a fault; it has no secrets.")
final class DiagnosticsCommand implements Callable<Integer> {

    private final VolumesConsole console;

    @Parameters(paramLabel = "FILE", description = "A new file; - for standard output.")
    private String file = "";

    DiagnosticsCommand(VolumesConsole console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        NewFile.fetch(console.client(), "/v2/volume-diagnostics", file);
        return AgentCommands.DONE;
    }
}
