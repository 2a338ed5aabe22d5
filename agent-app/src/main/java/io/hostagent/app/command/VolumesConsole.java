// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.app.command.ControlClient.Answer;
import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What all commands of volumes have in common: whom they call, and how they show the answer. */
final class VolumesConsole {

    private static final String STATE = "state";

    private final ControlSocket socket;
    private Output output = Output.TEXT;

    VolumesConsole(Function<String, @Nullable String> variables) {
        socket = new ControlSocket(variables);
    }

    void choose(Path path) {
        socket.choose(path);
    }

    void choose(Output form) {
        output = form;
    }

    ControlClient client() throws IOException {
        return new ControlClient(socket.path());
    }

    /** A part of a path or a query that a user has typed. */
    static String part(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    static String volume(String name) {
        return "/v2/volumes/" + part(name);
    }

    /** Shows what a call answers. */
    int show(CommandSpec spec, String target, Table table) throws IOException {
        return show(spec, client().call("GET", target, null).json(), table);
    }

    /** Shows a list, or one thing as a list of one. */
    int show(CommandSpec spec, @Nullable Object json, Table table) {
        switch (output) {
            case JSON -> json(spec, json);
            case TEXT ->
                    table.print(
                            out(spec), json instanceof List<?> ? JsonTree.list(json) : one(json));
        }
        return AgentCommands.DONE;
    }

    private static List<@Nullable Object> one(@Nullable Object json) {
        return Collections.singletonList(json);
    }

    /** Shows one line, or all of it as JSON. */
    int say(CommandSpec spec, @Nullable Object json, String words) {
        switch (output) {
            case JSON -> json(spec, json);
            case TEXT -> out(spec).println(words);
        }
        return AgentCommands.DONE;
    }

    /** Shows one event on a line of its own. */
    void line(CommandSpec spec, @Nullable Object json, String words) {
        out(spec).println(output == Output.JSON ? new String(JsonTree.write(json), UTF_8) : words);
        out(spec).flush();
    }

    private static void json(CommandSpec spec, @Nullable Object json) {
        out(spec).println(new String(JsonTree.writeIndented(json), UTF_8));
    }

    /**
     * Has something done and waits for its end, be it long work or not. How far it is goes to
     * standard error.
     *
     * @return what came of it
     */
    @Nullable Object work(CommandSpec spec, String method, String target, @Nullable Object body)
            throws IOException {
        ControlClient client = client();
        Answer answer = client.call(method, target, body);
        if (answer.status() != 202) {
            return answer.json();
        }
        PrintWriter err = spec.commandLine().getErr();
        String id = String.valueOf(JsonTree.text(answer.json(), "id"));
        String last = "";
        try (WhenInterrupted _ =
                new WhenInterrupted(
                        () -> {
                            err.println("agent: it goes on; see: agent volumes operations " + id);
                            err.flush();
                        })) {
            Object operation = answer.json();
            while ("running".equals(JsonTree.text(operation, STATE))) {
                String progress = Table.text(JsonTree.text(operation, "progress"));
                if (!progress.equals(last)) {
                    err.println(JsonTree.text(operation, "kind") + ": " + progress);
                    err.flush();
                    last = progress;
                }
                operation =
                        client.call("GET", "/v2/volume-operations/" + part(id) + "?wait=2s", null)
                                .json();
            }
            if ("failed".equals(JsonTree.text(operation, STATE))) {
                throw ControlClient.failure(
                        JsonTree.at(operation, "error"),
                        Objects.requireNonNullElse(
                                JsonTree.number(operation, "error", "status"), 0L));
            }
            return JsonTree.at(operation, "result");
        }
    }

    private static PrintWriter out(CommandSpec spec) {
        CommandLine line = spec.commandLine();
        return line.getOut();
    }
}
