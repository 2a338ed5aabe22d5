// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.web.RequestPath;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a console is opened on, by an ID that is hexadecimal and so safe in a path: an exec that was
 * created before, or a container.
 */
sealed interface ConsoleTarget {

    /** An exec; it is started by opening its console. */
    record Exec(String id) implements ConsoleTarget {

        @Override
        public String inspectPath() {
            return "/exec/" + id + "/json";
        }

        @Override
        public String streamPath() {
            return "/exec/" + id + "/start";
        }

        @Override
        public String streamQuery() {
            return "";
        }

        @Override
        public byte[] streamBody(boolean terminal) {
            return ("{\"Detach\":false,\"Tty\":" + terminal + "}").getBytes(UTF_8);
        }

        @Override
        public boolean terminal(@Nullable Object description) {
            return JsonTree.flag(description, "ProcessConfig", "tty");
        }

        /** An engine says on the stream itself why an exec does not start again. */
        @Override
        public boolean over(@Nullable Object description) {
            return false;
        }
    }

    /** The main process of a container. */
    record Attach(String id) implements ConsoleTarget {

        @Override
        public String inspectPath() {
            return "/containers/" + id + "/json";
        }

        @Override
        public String streamPath() {
            return "/containers/" + id + "/attach";
        }

        @Override
        public String streamQuery() {
            return "?stdin=1&stdout=1&stderr=1&stream=1";
        }

        @Override
        public byte[] streamBody(boolean terminal) {
            return new byte[0];
        }

        @Override
        public boolean terminal(@Nullable Object description) {
            return JsonTree.flag(description, "Config", "Tty");
        }

        /** An engine hangs up without an answer; one not yet started can be attached to. */
        @Override
        public boolean over(@Nullable Object description) {
            String status = JsonTree.text(description, "State", "Status");
            return "exited".equals(status) || "dead".equals(status);
        }
    }

    /** Everything below {@code /websocket}; what is there is the group. */
    Pattern PATH = Pattern.compile("(?:/v[12])?/websocket(?:/(.*))?");

    Pattern HEXADECIMAL = Pattern.compile("[0-9A-Fa-f]+");

    /** Where the engine describes it. */
    String inspectPath();

    /** Where the engine is asked for its stream, by {@code POST}. */
    String streamPath();

    /** What belongs behind that path. */
    String streamQuery();

    /** What belongs into that request. */
    byte[] streamBody(boolean terminal);

    /** Whether the engine's description speaks of a terminal. */
    boolean terminal(@Nullable Object description);

    /** Whether the engine's description speaks of something that can have no console any more. */
    boolean over(@Nullable Object description);

    /** Whether a path is one of consoles, be there such a console or not. */
    static boolean covers(RequestPath path) {
        return PATH.matcher(path.path()).matches();
    }

    /**
     * Reads what a request is for.
     *
     * @throws CallerException in the words of the original agent
     */
    static ConsoleTarget of(RequestPath path) {
        Matcher matcher = PATH.matcher(path.path());
        String kind = matcher.matches() ? matcher.group(1) : null;
        if (!"exec".equals(kind) && !"attach".equals(kind)) {
            throw CallerException.notFound(
                    "There is no such console", "There are /websocket/exec and /websocket/attach");
        }
        String id = parameter(path, "id");
        if (id.isEmpty()) {
            throw CallerException.badRequest(
                    "Invalid query parameter: id", "The parameter id is missing");
        }
        if (!HEXADECIMAL.matcher(id).matches()) {
            throw CallerException.badRequest(
                    "Invalid query parameter: id (must be hexadecimal identifier)",
                    "It is the ID of an exec or a container, and no name");
        }
        return "exec".equals(kind) ? new Exec(id) : new Attach(id);
    }

    /** Reads a description, or nothing from what is none. */
    static @Nullable Object read(String json) {
        try {
            return JsonTree.read(json);
        } catch (JsonException e) {
            return null;
        }
    }

    /** The node that a request names in its query, as Portainer's pages do; empty for none. */
    static String nodeName(RequestPath path) {
        return parameter(path, "nodeName");
    }

    private static String parameter(RequestPath path, String name) {
        return Optional.ofNullable(path.query())
                .map(query -> new QueryStringDecoder(query, false).parameters().get(name))
                .map(List::getFirst)
                .orElse("");
    }
}
