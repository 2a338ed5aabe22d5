// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.trust.IssuedToken;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.trust.Token;
import io.hostagent.core.trust.TokenStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent token}. A running agent follows within two seconds. */
@Command(
        name = "token",
        description = "Bearer tokens of clients that cannot sign.",
        synopsisSubcommandLabel = "COMMAND")
final class TokenCommand {

    private static final String ROW = "%-8s  %-20s  %-7s  %-20s  %s%n";

    /** A token as {@code -o json} shows it. */
    private record View(
            String id,
            @Nullable String name,
            String scope,
            Instant created,
            @Nullable Instant expires,
            boolean expired) {}

    private final DataFolder folder;

    @Spec private CommandSpec spec = CommandSpec.create();

    TokenCommand(DataFolder folder) {
        this.folder = folder;
    }

    @Command(name = "create", description = "Makes a token and prints it, this one time.")
    int create(
            @Option(
                            names = "--scope",
                            required = true,
                            paramLabel = "SCOPE",
                            description = "What it is good for: metrics, read or admin.")
                    Scope scope,
            @Option(names = "--name", paramLabel = "NAME", description = "What to call it.")
                    @Nullable String name,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            converter = Lifetime.class,
                            description =
                                    "How long it is good for, as 12h or 30d; otherwise forever.")
                    @Nullable Duration lifetime)
            throws IOException {
        IssuedToken token = tokens().create(scope, name, lifetime);
        out().println(new String(token.text().bytes(), UTF_8));
        return AgentCommands.DONE;
    }

    @Command(name = "list", description = "Shows the tokens, without what makes them work.")
    int list(
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "text",
                            paramLabel = "FORM",
                            description = "text or json.")
                    Output output)
            throws IOException {
        List<Token> tokens = tokens().list();
        switch (output) {
            case TEXT -> print(tokens);
            case JSON -> out().println(Json.of(tokens.stream().map(TokenCommand::view).toList()));
        }
        return AgentCommands.DONE;
    }

    @Command(name = "revoke", description = "Takes a token back.")
    int revoke(@Parameters(paramLabel = "ID|NAME", description = "Which one.") String idOrName)
            throws IOException {
        Optional<Token> revoked = tokens().revoke(idOrName);
        if (revoked.isEmpty()) {
            throw new IllegalArgumentException("there is no token " + idOrName);
        }
        out().println("Revoked " + revoked.get().callerId());
        return AgentCommands.DONE;
    }

    private void print(List<Token> tokens) {
        out().printf(ROW, "ID", "NAME", "SCOPE", "CREATED", "EXPIRES");
        for (Token token : tokens) {
            View view = view(token);
            out().printf(
                            ROW,
                            view.id(),
                            view.name() == null ? "-" : view.name(),
                            view.scope(),
                            view.created(),
                            view.expires() == null
                                    ? "never"
                                    : view.expires() + (view.expired() ? " (over)" : ""));
        }
    }

    private static View view(Token token) {
        return new View(
                token.id(),
                token.name(),
                token.scope().word(),
                token.created(),
                token.expires(),
                token.expiredAt(Instant.now()));
    }

    private TokenStore tokens() {
        return new TokenStore(folder.path(), Clock.systemUTC());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
