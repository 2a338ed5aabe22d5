// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static io.hostagent.app.command.VolumesConsole.part;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent volumes operations}. */
@Command(name = "operations", description = "Shows what became of long work.")
final class OperationsCommand implements Callable<Integer> {

    private static final Table OPERATIONS =
            new Table()
                    .with("ID", "id")
                    .with("KIND", "kind")
                    .with("VOLUME", "volume")
                    .with("STATE", "state")
                    .with("STARTED", "started")
                    .with("PROGRESS", "progress")
                    .with("ERROR", "error", "message");

    private final VolumesConsole console;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Which one; otherwise all.")
    private @Nullable String id;

    OperationsCommand(VolumesConsole console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        String all = "/v2/volume-operations";
        return console.show(spec, id == null ? all : all + "/" + part(id), OPERATIONS);
    }
}
