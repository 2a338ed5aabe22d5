// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static io.hostagent.app.command.VolumesConsole.part;

import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent volumes undelete}. */
@Command(name = "undelete", description = "Takes a volume out of the trash.")
final class UndeleteCommand implements Callable<Integer> {

    private final VolumesConsole console;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID|NAME", description = "Which one; of a name the latest.")
    private String id = "";

    @Option(names = "--as", paramLabel = "NAME", description = "Its name; otherwise its own.")
    private @Nullable String name;

    UndeleteCommand(VolumesConsole console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Object back =
                console.work(
                        spec,
                        "POST",
                        "/v2/volume-trash/" + part(id) + "/undelete",
                        name == null ? Map.of() : Map.of("as", name));
        return console.say(spec, back, Table.text(JsonTree.text(back, "name")));
    }
}
