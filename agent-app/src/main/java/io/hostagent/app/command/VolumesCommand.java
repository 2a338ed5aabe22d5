// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static io.hostagent.app.command.VolumesConsole.part;
import static io.hostagent.app.command.VolumesConsole.volume;

import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code agent volumes}: calls the agent that runs on this host. */
@Command(
        name = "volumes",
        description = "The volumes of the agent that runs on this host.",
        synopsisSubcommandLabel = "COMMAND")
final class VolumesCommand {

    static final Table VOLUMES =
            new Table()
                    .with("NAME", "name")
                    .with("STATE", "state")
                    .with("OWNER", "owner")
                    .with("BACKEND", "backend")
                    .withBytes("SIZE", "size")
                    .with("CREATED", "created")
                    .with("MOUNTPOINT", "mountpoint");

    private static final Table USERS =
            new Table().with("WHAT", "what").with("ID", "id").with("NAME", "name");

    private static final Table POOLS =
            new Table()
                    .with("BACKEND", "backend")
                    .with("WORKS", "works")
                    .with("LIMIT", "limit")
                    .with("SNAPSHOTS", "snapshots")
                    .withBytes("CAPACITY", "capacity")
                    .withBytes("FREE", "free")
                    .with("PATH", "path")
                    .with("MISSING", "missing");

    private final VolumesConsole console;

    @Spec private CommandSpec spec = CommandSpec.create();

    private VolumesCommand(VolumesConsole console) {
        this.console = console;
    }

    /** All of it. */
    static CommandLine of(VolumesConsole console) {
        return new CommandLine(new VolumesCommand(console))
                .addSubcommand(new SnapshotCommand(console))
                .addSubcommand("trash", new TrashCommand(console))
                .addSubcommand("undelete", new UndeleteCommand(console))
                .addSubcommand("import", new ImportCommand(console))
                .addSubcommand("export", new ExportCommand(console))
                .addSubcommand("diagnostics", new DiagnosticsCommand(console))
                .addSubcommand("operations", new OperationsCommand(console))
                .addSubcommand("events", new EventsCommand(console));
    }

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description =
                    "The agent's socket; otherwise control.sock in VOLUMES_PATH, or else in"
                            + " /var/lib/host-agent/volumes.")
    void choose(Path path) {
        console.choose(path);
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            scope = ScopeType.INHERIT,
            description = "text or json.")
    void choose(Output output) {
        console.choose(output);
    }

    @Command(name = "ls", description = "Lists the volumes.")
    int list() throws IOException {
        return console.show(spec, "/v2/volumes", VOLUMES);
    }

    @Command(name = "create", description = "Creates a volume.")
    int create(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Option(
                            names = "--opt",
                            paramLabel = "KEY=VALUE",
                            description = "As -o of docker volume create; may be repeated.")
                    @Nullable Map<String, String> options)
            throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("options", options == null ? Map.of() : options);
        Object made = console.work(spec, "POST", "/v2/volumes", body);
        return console.say(spec, made, name);
    }

    @Command(name = "inspect", description = "Shows all about a volume, as JSON.")
    int inspect(@Parameters(paramLabel = "NAME", description = "Which one.") String name)
            throws IOException {
        console.choose(Output.JSON);
        return console.show(spec, volume(name) + "?details=1", VOLUMES);
    }

    @Command(name = "rm", description = "Removes a volume that nobody uses.")
    int remove(
            @Parameters(paramLabel = "NAME", description = "Which one.") String name,
            @Option(
                            names = "--onremove",
                            paramLabel = "WHAT",
                            description = "trash, delete or retain; otherwise as the volume says.")
                    @Nullable String how)
            throws IOException {
        String query = how == null ? "" : "?onremove=" + part(how);
        Object removed = console.work(spec, "DELETE", volume(name) + query, null);
        return console.say(
                spec, removed, name + ": " + Table.text(JsonTree.text(removed, "removed")));
    }

    @Command(name = "resize", description = "Changes the limit of a volume.")
    int resize(
            @Parameters(paramLabel = "NAME", description = "Which one.") String name,
            @Parameters(paramLabel = "SIZE", description = "Such as 20G.") String size)
            throws IOException {
        Object now = console.work(spec, "POST", volume(name) + "/resize", Map.of("size", size));
        return console.show(spec, now, VOLUMES);
    }

    @Command(name = "clone", description = "Makes a volume out of another one.")
    int copy(
            @Parameters(paramLabel = "NAME", description = "Of which one.") String name,
            @Parameters(paramLabel = "TO", description = "Its name.") String to,
            @Option(
                            names = "--snapshot",
                            paramLabel = "SNAPSHOT",
                            description = "Of which snapshot; otherwise of what it holds now.")
                    @Nullable String snapshot,
            @Option(
                            names = "--opt",
                            paramLabel = "KEY=VALUE",
                            description = "What shall be different; may be repeated.")
                    @Nullable Map<String, String> options)
            throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("to", to);
        if (snapshot != null) {
            body.put("snapshot", snapshot);
        }
        body.put("options", options == null ? Map.of() : options);
        return console.say(spec, console.work(spec, "POST", volume(name) + "/clone", body), to);
    }

    @Command(
            name = "restore",
            description = "Makes a volume that nobody uses what it was in a snapshot.")
    int restore(
            @Parameters(paramLabel = "NAME", description = "Which one.") String name,
            @Parameters(paramLabel = "SNAPSHOT", description = "What it was then.") String snapshot)
            throws IOException {
        Object done =
                console.work(spec, "POST", volume(name) + "/restore", Map.of("snapshot", snapshot));
        return console.say(
                spec,
                done,
                "What it was until now is the snapshot "
                        + Table.text(JsonTree.text(done, "before")));
    }

    @Command(name = "users", description = "Shows who uses a volume.")
    int users(@Parameters(paramLabel = "NAME", description = "Which one.") String name)
            throws IOException {
        return console.show(spec, volume(name) + "/users", USERS);
    }

    @Command(name = "hold", description = "Keeps a volume from being removed or moved.")
    int hold(
            @Parameters(paramLabel = "NAME", description = "Which one.") String name,
            @Parameters(paramLabel = "WHO", description = "Who holds it.") String who,
            @Option(names = "--why", paramLabel = "TEXT", description = "For others to read.")
                    @Nullable String why,
            @Option(
                            names = "--ttl",
                            paramLabel = "TIME",
                            description = "Such as 10m or 12h; otherwise until it is let go.")
                    @Nullable String lifetime)
            throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("why", why == null ? "" : why);
        if (lifetime != null) {
            body.put("ttl", lifetime);
        }
        Object held = console.work(spec, "PUT", volume(name) + "/holds/" + part(who), body);
        return console.say(spec, held, who + " holds " + name);
    }

    @Command(name = "release", description = "Lets go of a hold.")
    int release(
            @Parameters(paramLabel = "NAME", description = "Which one.") String name,
            @Parameters(paramLabel = "WHO", description = "Who held it.") String who)
            throws IOException {
        Object left = console.work(spec, "DELETE", volume(name) + "/holds/" + part(who), null);
        return console.say(spec, left, who + " holds " + name + " no more");
    }

    @Command(name = "pools", description = "Shows what the pools of this host can do.")
    int pools() throws IOException {
        return console.show(spec, "/v2/volume-pools", POOLS);
    }
}
