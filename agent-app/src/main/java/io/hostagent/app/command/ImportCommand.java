// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent volumes import}. */
@Command(
        name = "import",
        description = "Makes a volume out of files of this host, which stay as they are.")
final class ImportCommand implements Callable<Integer> {

    private final VolumesConsole console;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Option(
            names = "--opt",
            paramLabel = "KEY=VALUE",
            description = "As -o of docker volume create; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    ImportCommand(VolumesConsole console) {
        this.console = console;
    }

    /** One of the two. */
    static final class Source {

        @Option(
                names = "--volume",
                paramLabel = "VOLUME",
                description = "A volume of the engine's own driver.")
        private @Nullable String volume;

        @Option(names = "--folder", paramLabel = "PATH", description = "A folder of the host.")
        private @Nullable Path folder;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        if (source.volume != null) {
            body.put("volume", source.volume);
        }
        if (source.folder != null) {
            body.put("folder", source.folder.toAbsolutePath().normalize().toString());
        }
        body.put("to", name);
        body.put("options", options);
        return console.say(spec, console.work(spec, "POST", "/v2/volume-imports", body), name);
    }
}
