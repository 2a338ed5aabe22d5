// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What a client wants to be called otherwise: {@code
 * {"CurrentFilePath":"...","NewFilePath":"..."}}, whatever the case of these two.
 */
record Renaming(String from, String to) {

    private static final String INVALID = "Invalid request payload";

    /** Two paths, with every character escaped. */
    private static final int LONGEST = 64 * 1024;

    /** Reads a request's body; errors with a {@link CallerException} when it is something else. */
    static Mono<Renaming> read(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, Renaming::gather)
                .map(body -> of(body.toByteArray()));
    }

    private static ByteArrayOutputStream gather(ByteArrayOutputStream body, byte[] part) {
        if (body.size() + part.length > LONGEST) {
            throw CallerException.badRequest(INVALID, "It is longer than " + LONGEST + " bytes");
        }
        body.writeBytes(part);
        return body;
    }

    private static Renaming of(byte[] body) {
        Map<String, @Nullable Object> members;
        try {
            members = JsonTree.map(JsonTree.read(body));
        } catch (JsonException e) {
            throw CallerException.badRequest(INVALID, "Its JSON cannot be read: " + e.getMessage());
        }
        return new Renaming(path(members, "CurrentFilePath"), path(members, "NewFilePath"));
    }

    private static String path(Map<String, @Nullable Object> members, String name) {
        for (Map.Entry<String, @Nullable Object> member : members.entrySet()) {
            if (member.getKey().equalsIgnoreCase(name)
                    && member.getValue() instanceof String path
                    && !path.isEmpty()) {
                return path;
            }
        }
        throw CallerException.badRequest(INVALID, name + " is missing");
    }
}
