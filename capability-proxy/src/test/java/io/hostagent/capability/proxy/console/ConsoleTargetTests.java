// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.web.RequestPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which console a request is for. */
class ConsoleTargetTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/websocket/exec?endpointId=1&id=0aF9&nodeName=x",
                "/v1/websocket/exec?id=0aF9",
                "/v2/websocket/exec?id=0aF9&id=zz",
                "/v1.41/v2/websocket/exec?id=0%61F9"
            })
    void findsAnExec(String target) {
        ConsoleTarget found = of(target);

        assertThat(found).isEqualTo(new ConsoleTarget.Exec("0aF9"));
        assertThat(found.inspectPath()).isEqualTo("/exec/0aF9/json");
        assertThat(found.streamPath() + found.streamQuery()).isEqualTo("/exec/0aF9/start");
        assertThat(new String(found.streamBody(true), UTF_8))
                .isEqualTo("{\"Detach\":false,\"Tty\":true}");
    }

    @Test
    void findsAContainer() {
        ConsoleTarget found = of("/websocket/attach?id=12");

        assertThat(found.inspectPath()).isEqualTo("/containers/12/json");
        assertThat(found.streamPath() + found.streamQuery())
                .isEqualTo("/containers/12/attach?stdin=1&stdout=1&stderr=1&stream=1");
        assertThat(found.streamBody(true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/websocket/exec, 400, Invalid query parameter: id",
        "/websocket/exec?id=, 400, Invalid query parameter: id",
        "/websocket/exec?id=zz, 400, Invalid query parameter: id (must be hexadecimal identifier)",
        "/websocket/exec?id=a%2Fb, 400,"
                + " Invalid query parameter: id (must be hexadecimal identifier)",
        "/websocket/pod?id=12, 404, There is no such console",
        "/websocket, 404, There is no such console",
        "/websocket/exec/x?id=12, 404, There is no such console"
    })
    void refusesWhatIsNone(String target, int status, String message) {
        assertThatExceptionOfType(CallerException.class)
                .isThrownBy(() -> of(target))
                .withMessage(message)
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @CsvSource({
        "/websocket, true",
        "/v1/websocket, true",
        "/v2/websocket/, true",
        "/websocket/exec?id=1, true",
        "/v1.41/v1/websocket/attach/x/y, true",
        "/websockets, false",
        "/v3/websocket, false",
        "/v1/v2/websocket, false",
        "/x/websocket/exec, false",
        "/containers/json, false"
    })
    void coversEverythingBelowItsPath(String target, boolean covered) {
        assertThat(ConsoleTarget.covers(RequestPath.parse(target))).isEqualTo(covered);
    }

    @Test
    void readsWhetherThereIsATerminal() {
        assertThat(terminal("/websocket/exec?id=1", "{\"ProcessConfig\":{\"tty\":true}}")).isTrue();
        assertThat(terminal("/websocket/exec?id=1", "{\"ProcessConfig\":{}}")).isFalse();
        assertThat(terminal("/websocket/attach?id=1", "{\"Config\":{\"Tty\":true}}")).isTrue();
        assertThat(terminal("/websocket/attach?id=1", "rubbish")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/websocket/attach?id=1, exited, true",
        "/websocket/attach?id=1, dead, true",
        "/websocket/attach?id=1, created, false",
        "/websocket/attach?id=1, running, false",
        "/websocket/exec?id=1, exited, false"
    })
    void readsWhetherItIsOver(String target, String status, boolean over) {
        Object description = ConsoleTarget.read("{\"State\":{\"Status\":\"" + status + "\"}}");

        assertThat(of(target).over(description)).isEqualTo(over);
        assertThat(of(target).over(ConsoleTarget.read("{}"))).isFalse();
    }

    @Test
    void acceptsAsTheRfcDoes() {
        assertThat(Handshake.accept("dGhlIHNhbXBsZSBub25jZQ=="))
                .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    private static boolean terminal(String target, String description) {
        return of(target).terminal(ConsoleTarget.read(description));
    }

    private static ConsoleTarget of(String target) {
        return ConsoleTarget.of(RequestPath.parse(target));
    }
}
