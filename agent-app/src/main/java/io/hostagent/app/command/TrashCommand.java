// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static io.hostagent.app.command.VolumesConsole.part;

import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent volumes trash}. */
@Command(name = "trash", description = "Shows what can be had back, or destroys it.")
final class TrashCommand implements Callable<Integer> {

    private static final String TRASH = "/v2/volume-trash";

    private static final Table TRASHED =
            new Table()
                    .with("NAME", "name")
                    .with("ID", "id")
                    .with("REMOVED", "removed")
                    .with("UNTIL", "until");

    private final VolumesConsole console;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--empty",
            description = "Destroys one, or without an ID all that was there for its time.")
    private boolean empty;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Which one to destroy.")
    private @Nullable String id;

    TrashCommand(VolumesConsole console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (!empty && id != null) {
            throw new ParameterException(spec.commandLine(), "an ID goes with --empty only");
        }
        if (!empty) {
            return console.show(spec, TRASH, TRASHED);
        }
        Object done =
                console.work(spec, "DELETE", id == null ? TRASH : TRASH + "/" + part(id), null);
        return console.show(spec, JsonTree.at(done, "destroyed"), TRASHED);
    }
}
