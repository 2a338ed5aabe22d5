// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;

/**
 * The error that a node answered with.
 *
 * @param message the engine's words, or all that was said by something that is no engine
 * @param json whether the body is the JSON of an engine's error
 */
record Refusal(int status, String message, String body, boolean json) {

    /** What an engine's error may have, in bytes. */
    static final int LARGEST = 64 * 1024;

    /** Reads an answer. */
    static Refusal of(int status, byte[] bytes) {
        String body = new String(bytes, UTF_8);
        try {
            String message = JsonTree.text(JsonTree.read(bytes), "message");
            if (message != null) {
                return new Refusal(status, message, body, true);
            }
        } catch (JsonException e) {
            // Not an engine's error, then.
        }
        return new Refusal(status, body.strip(), body, false);
    }

    /** Whether another node said the same. */
    boolean sameAs(Refusal other) {
        return status == other.status && message.equals(other.message);
    }
}
