// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static io.hostagent.app.command.VolumesConsole.part;
import static io.hostagent.app.command.VolumesConsole.volume;

import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent volumes snapshot}. */
@Command(
        name = "snapshot",
        description = "What volumes once held.",
        synopsisSubcommandLabel = "COMMAND")
final class SnapshotCommand {

    private static final Table SNAPSHOTS =
            new Table().with("NAME", "name").with("TAKEN", "taken").withBytes("BYTES", "bytes");

    private final VolumesConsole console;

    @Spec private CommandSpec spec = CommandSpec.create();

    SnapshotCommand(VolumesConsole console) {
        this.console = console;
    }

    @Command(name = "create", description = "Keeps what a volume holds now.")
    int create(
            @Parameters(paramLabel = "VOLUME", description = "Which one.") String name,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            description = "Of the snapshot; otherwise the time of day.")
                    @Nullable String snapshot)
            throws IOException {
        Object taken =
                console.work(
                        spec,
                        "POST",
                        volume(name) + "/snapshots",
                        snapshot == null ? Map.of() : Map.of("name", snapshot));
        return console.say(spec, taken, Table.text(JsonTree.text(taken, "name")));
    }

    @Command(name = "ls", description = "Lists the snapshots of a volume, the oldest first.")
    int list(@Parameters(paramLabel = "VOLUME", description = "Which one.") String name)
            throws IOException {
        return console.show(spec, volume(name) + "/snapshots", SNAPSHOTS);
    }

    @Command(name = "rm", description = "Throws a snapshot away.")
    int remove(
            @Parameters(paramLabel = "VOLUME", description = "Of which volume.") String name,
            @Parameters(paramLabel = "SNAPSHOT", description = "Which one.") String snapshot)
            throws IOException {
        Object gone =
                console.work(spec, "DELETE", volume(name) + "/snapshots/" + part(snapshot), null);
        return console.say(spec, gone, "Removed " + snapshot);
    }
}
