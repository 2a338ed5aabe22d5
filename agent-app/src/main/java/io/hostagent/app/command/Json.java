// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints records as JSON. */
final class Json {

    private Json() {}

    static String of(Object value) {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(value);
    }
}
