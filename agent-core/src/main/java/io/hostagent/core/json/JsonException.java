// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.json;

/**
 * Something is not JSON, or more than may be read. The message says where it goes wrong and quotes
 * nothing of it, because it may hold secrets.
 */
public final class JsonException extends IllegalArgumentException {

    JsonException(String why) {
        super("This cannot be read as JSON: " + why);
    }
}
