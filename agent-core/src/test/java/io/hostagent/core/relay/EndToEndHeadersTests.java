// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndToEndHeadersTests {

    @Test
    void keepsValuesOrderAndCase() {
        HttpHeaders from =
                new DefaultHttpHeaders()
                        .add("X-One", "a")
                        .add("x-two", "b")
                        .add("X-One", "c")
                        .add("Content-Type", "text/plain; a=\"b, c\"");

        assertThat(lines(copy(from)))
                .containsExactly(
                        "X-One: a", "x-two: b", "X-One: c", "Content-Type: text/plain; a=\"b, c\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "KEEP-ALIVE",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Content-Length",
                "Upgrade",
                "HTTP2-Settings",
                "Expect",
                "x-http2-stream-id",
                "X-Http2-Scheme"
            })
    void dropsWhatIsOfOneConnection(String name) {
        HttpHeaders from = new DefaultHttpHeaders().add(name, "1").add("X-Kept", "2");

        assertThat(lines(copy(from))).containsExactly("X-Kept: 2");
    }

    @Test
    void dropsWhatConnectionNames() {
        HttpHeaders from =
                new DefaultHttpHeaders()
                        .add("connection", "close, X-Secret ,,x-OTHER")
                        .add("Connection", "x-third")
                        .add("x-secret", "1")
                        .add("X-Other", "2")
                        .add("X-Third", "3")
                        .add("X-Kept", "4");

        assertThat(lines(copy(from))).containsExactly("X-Kept: 4");
    }

    @Test
    void addsToWhatIsThere() {
        HttpHeaders to = new DefaultHttpHeaders().add("Portainer-Agent", "2");

        EndToEndHeaders.copy(new DefaultHttpHeaders().add("Server", "Docker"), to);

        assertThat(lines(to)).containsExactly("Portainer-Agent: 2", "Server: Docker");
    }

    private static HttpHeaders copy(HttpHeaders from) {
        HttpHeaders to = new DefaultHttpHeaders();
        EndToEndHeaders.copy(from, to);
        return to;
    }

    private static List<String> lines(HttpHeaders headers) {
        return headers.entries().stream().map(h -> h.getKey() + ": " + h.getValue()).toList();
    }
}
