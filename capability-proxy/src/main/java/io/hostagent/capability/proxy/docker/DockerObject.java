// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.json.JsonTree;
import java.net.URLEncoder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a call of the Docker API is about: something that is on one node and not on the others.
 *
 * @param kind of thing
 * @param reference a name, an ID or the beginning of one, decoded
 */
record DockerObject(Kind kind, String reference) {

    /** The kinds that a node has of its own. */
    @SuppressWarnings("ImmutableEnumChecker") // What Set.of makes never changes.
    enum Kind {
        CONTAINER("/containers/", "/json", Set.of("json", "create", "prune")),
        EXEC("/exec/", "/json", Set.of()),
        IMAGE("/images/", "/json", Set.of("json", "create", "load", "search", "get", "prune")),
        VOLUME("/volumes/", "", Set.of("create", "prune")),
        NETWORK("/networks/", "", Set.of("create", "prune"));

        private final String prefix;
        private final String inspect;
        private final Set<String> reserved;

        Kind(String prefix, String inspect, Set<String> reserved) {
            this.prefix = prefix;
            this.inspect = inspect;
            this.reserved = reserved;
        }
    }

    /** Digits of an ID as Docker shows it; nobody gives such a name. */
    private static final int SHORT_ID = 12;

    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{64}");

    /** Only what follows an image tells where its name ends: it may have slashes itself. */
    private static final List<String> OF_IMAGES =
            List.of("/json", "/history", "/push", "/tag", "/get");

    /** What a path is about, if it is about one thing. */
    static Optional<DockerObject> of(String path) {
        for (Kind kind : Kind.values()) {
            if (path.startsWith(kind.prefix)) {
                String rest = path.substring(kind.prefix.length());
                String reference = kind == Kind.IMAGE ? image(rest) : rest.split("/", 2)[0];
                return reference.isEmpty() || kind.reserved.contains(rest)
                        ? Optional.empty()
                        : Optional.of(new DockerObject(kind, reference));
            }
        }
        return Optional.empty();
    }

    private static String image(String rest) {
        for (String end : OF_IMAGES) {
            if (rest.endsWith(end) && rest.length() > end.length()) {
                return rest.substring(0, rest.length() - end.length());
            }
        }
        return rest;
    }

    /** Where an engine describes it, encoded. */
    String inspectPath() {
        return kind.prefix
                + URLEncoder.encode(reference, UTF_8).replace("+", "%20").replace("%2F", "/")
                + kind.inspect;
    }

    /** Whether it can be on no other node than the one where it was made. */
    boolean neverMoves() {
        return (kind == Kind.CONTAINER || kind == Kind.EXEC)
                && FULL_ID.matcher(reference).matches();
    }

    /** Whether nodes can have the very same thing: what has the same ID then. */
    boolean mayBeShared() {
        return kind == Kind.IMAGE || kind == Kind.NETWORK;
    }

    /**
     * Whether something is meant for sure, and not just by the beginning of its ID, which a name on
     * another node can look like.
     *
     * @param id of what an engine found; empty for what has none
     */
    boolean isExactly(String id) {
        String digits = id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
        return !digits.startsWith(reference)
                || digits.equals(reference)
                || reference.length() >= SHORT_ID;
    }

    /** The ID in an engine's description of something; empty for what has none. */
    static String id(String description) {
        Object tree = JsonTree.read(description);
        String id = JsonTree.text(tree, "Id");
        return id == null ? Objects.requireNonNullElse(JsonTree.text(tree, "ID"), "") : id;
    }
}
