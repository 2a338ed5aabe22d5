// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ApiErrorTests {

    private final JsonMapper json = new JsonMapper();

    @Test
    void hasTheFormThatDockerAndPortainerRead() {
        assertThat(new String(new ApiError("no", "because").json(), UTF_8))
                .isEqualTo("{\"message\":\"no\",\"details\":\"because\"}");
    }

    @Test
    void keepsEveryCharacter() {
        String all =
                IntStream.rangeClosed(0, 0xffff)
                        .filter(c -> !Character.isSurrogate((char) c))
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .append("\uD83D\uDE00")
                        .toString();

        Map<?, ?> read = json.readValue(new ApiError(all, "\"\\\r\n\t/").json(), Map.class);

        assertThat(read.get("message")).isEqualTo(all);
        assertThat(read.get("details")).isEqualTo("\"\\\r\n\t/");
    }

    @Test
    void staysValidWithHalfACharacter() {
        byte[] body = new ApiError("a\uD83Db", "\uDE00").json();

        assertThat(new String(body, UTF_8))
                .isEqualTo("{\"message\":\"a\\ud83db\",\"details\":\"\\ude00\"}");
    }

    @Test
    void staysOnOneLine() {
        assertThat(new String(new ApiError("a\nb\u0000\u001b[31m", "").json(), UTF_8))
                .matches("[\\x20-\\x7e]*");
    }
}
