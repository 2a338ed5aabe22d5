// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import io.hostagent.core.settings.Setting;
import io.hostagent.core.settings.SettingsReader;
import io.hostagent.core.trust.TrustStore;
import io.hostagent.core.trust.TrustStore.BoundKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code agent trust}. A running agent follows within two seconds. */
@Command(
        name = "trust",
        description = "The client key that the agent is bound to.",
        synopsisSubcommandLabel = "COMMAND")
final class TrustCommand {

    /** What {@code -o json} shows. */
    private record View(
            String mode,
            boolean bound,
            @Nullable String caller,
            @Nullable String publicKey,
            @Nullable Instant since) {}

    private final DataFolder folder;
    private final Function<String, @Nullable String> variables;

    @Spec private CommandSpec spec = CommandSpec.create();

    TrustCommand(DataFolder folder, Function<String, @Nullable String> variables) {
        this.folder = folder;
        this.variables = variables;
    }

    @Command(name = "show", description = "Shows whom the agent trusts.")
    int show(
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "text",
                            paramLabel = "FORM",
                            description = "text or json.")
                    Output output)
            throws IOException {
        View view = view(trust().bound());
        switch (output) {
            case TEXT -> print(view);
            case JSON -> out().println(Json.of(view));
        }
        return AgentCommands.DONE;
    }

    @Command(
            name = "reset",
            description = "Unbinds the agent: the next client with a right signature is trusted.")
    int reset() throws IOException {
        out().println(
                        trust().reset()
                                ? "Unbound. The next client that signs is the one that is trusted."
                                : "No key was bound.");
        return AgentCommands.DONE;
    }

    private void print(View view) {
        out().println("Mode:       " + view.mode());
        if (view.bound()) {
            out().println("Bound to:   " + view.caller());
            out().println("Since:      " + view.since());
            out().println("Public key: " + view.publicKey());
        } else {
            out().println("Bound to:   nobody");
        }
    }

    private View view(Optional<BoundKey> bound) {
        return new View(
                mode(),
                bound.isPresent(),
                bound.map(BoundKey::callerId).orElse(null),
                bound.map(BoundKey::publicKey).orElse(null),
                bound.map(BoundKey::since).orElse(null));
    }

    /** By what the agent decides, if it has the variables that this command has. */
    private String mode() {
        SettingsReader settings = new SettingsReader(variables);
        if (settings.value(Setting.AGENT_PUBLIC_KEY).isPresent()) {
            return "pinned-key";
        }
        return settings.value(Setting.AGENT_SECRET).isPresent() ? "secret" : "first-use";
    }

    private TrustStore trust() {
        return new TrustStore(folder.path(), Clock.systemUTC());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
