// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.volume.SnapshotName;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The JSON object in the body of a request. What it has that the call does not know is refused. */
final class Fields {

    private static final String INVALID = "Invalid request body";

    /** More than any call has to say. */
    static final int LONGEST = 64 * 1024;

    private final Map<String, @Nullable Object> members;

    private Fields(Map<String, @Nullable Object> members) {
        this.members = members;
    }

    /** Reads a body; errors with a {@link CallerException} when it is something else. */
    static Mono<Fields> read(Call call, String... known) {
        List<String> names = List.of(known);
        return call.exchange()
                .request()
                .receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, Fields::gather)
                .map(body -> of(body.toByteArray(), names));
    }

    private static ByteArrayOutputStream gather(ByteArrayOutputStream body, byte[] part) {
        if (body.size() + part.length > LONGEST) {
            throw new CallerException(413, INVALID, "It is longer than " + LONGEST + " bytes");
        }
        body.writeBytes(part);
        return body;
    }

    static Fields of(byte[] body, List<String> known) {
        if (body.length == 0) {
            return new Fields(Map.of());
        }
        Object tree;
        try {
            tree = JsonTree.read(body);
        } catch (JsonException e) {
            throw CallerException.badRequest(INVALID, "Its JSON cannot be read: " + e.getMessage());
        }
        if (!(tree instanceof Map<?, ?>)) {
            throw CallerException.badRequest(INVALID, "It is no JSON object");
        }
        Map<String, @Nullable Object> members = JsonTree.map(tree);
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                throw CallerException.badRequest(
                        "Unknown field: " + name, "There are: " + String.join(", ", known));
            }
        }
        return new Fields(members);
    }

    /** A text that may be missing. */
    Optional<String> text(String name) {
        return switch (members.get(name)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            default -> throw wrong(name, "a text");
        };
    }

    /** A text that must be there. */
    String required(String name) {
        return text(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> CallerException.badRequest(INVALID, name + " is missing"));
    }

    /** A size, which may also be a number of bytes. */
    String size(String name) {
        return members.get(name) instanceof Long bytes ? bytes.toString() : required(name);
    }

    /** The name of a volume, which must be there. */
    VolumeName volume(String name) {
        return VolumeName.of(required(name));
    }

    /** The name of a snapshot, which may be missing. */
    Optional<String> snapshot(String name) {
        return text(name).map(SnapshotName::of);
    }

    /** Names and their values, all texts; none when they are missing. */
    Map<String, String> texts(String name) {
        Object found = members.get(name);
        if (found == null) {
            return Map.of();
        }
        if (!(found instanceof Map<?, ?>)) {
            throw wrong(name, "an object");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        JsonTree.map(found)
                .forEach(
                        (key, value) -> {
                            if (!(value instanceof String text)) {
                                throw wrong(name + "." + key, "a text");
                            }
                            texts.put(key, text);
                        });
        return texts;
    }

    private static CallerException wrong(String name, String kind) {
        return CallerException.badRequest(INVALID, name + " is not " + kind);
    }
}
