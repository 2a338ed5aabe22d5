// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.fixture.ScriptedServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BusConnectionTests {

    private static final Duration TIME = Duration.ofSeconds(20);
    private static final BusCall CALL = new BusCall("a.b", "/a", "a.b", "Ask", List.of());

    @TempDir private Path folder;

    @Test
    void asksAService() throws IOException {
        try (ScriptedServer server = ScriptedServer.open()) {
            server.follow(
                    new FakeService()
                            .method("Ask", "s", new FakeService.Body().text("answer"))
                            .property("/a", "Size", 't', new FakeService.Body().longNumber(-1)));
            try (BusConnection bus = BusConnection.open(server.socket(), TIME, false)) {
                int first = bus.send(CALL);
                int second = bus.send(BusCall.property("a.b", "/a", "a.b", "Size"));
                int third = bus.send(BusCall.property("a.b", "/a", "a.b", "None"));

                assertThat(bus.answer(second)).containsExactly(-1L);
                assertThat(bus.answer(first)).containsExactly("answer");
                assertThatThrownBy(() -> bus.answer(third))
                        .isInstanceOf(BusException.class)
                        .hasMessageContaining("there is no such property");
            }
        }
    }

    @Test
    void doesNotWaitForOneWhoSaysNothing() throws IOException {
        try (ScriptedServer server = ScriptedServer.open()) {
            server.follow(connection -> connection.readToEnd());

            assertThatThrownBy(
                            () ->
                                    BusConnection.open(
                                            server.socket(), Duration.ofMillis(100), false))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void saysThatItIsNotLetIn() throws IOException {
        try (ScriptedServer server = ScriptedServer.open()) {
            server.follow(
                    connection -> {
                        connection.readUntil("EXTERNAL\r\n");
                        connection.write("REJECTED EXTERNAL\r\n");
                        connection.readToEnd();
                    });

            assertThatThrownBy(() -> BusConnection.open(server.socket(), TIME, false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("REJECTED");
        }
    }

    @Test
    void noticesThatTheOtherOneIsGone() throws IOException {
        try (ScriptedServer server = ScriptedServer.open()) {
            server.follow(
                    connection -> {
                        connection.readUntil("EXTERNAL\r\n");
                        connection.write("OK 1\r\n");
                        connection.readUntil("BEGIN\r\n");
                    });
            try (BusConnection bus = BusConnection.open(server.socket(), TIME, false)) {
                assertThatThrownBy(() -> bus.answer(bus.send(CALL)))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A body of 2 GiB, fields of 4 GiB, and a text longer than its message.
                "l\2\1\1\0\0\0\u0080\1\0\0\0\0\0\0\0",
                "l\2\1\1\0\0\0\0\1\0\0\0\u00ff\u00ff\u00ff\u00ff",
                "l\2\1\1\0\0\0\0\1\0\0\0\7\0\0\0\5\1s\0\u00ff\u00ff\u00ff\u00ff"
            })
    void refusesMessagesThatCannotBe(String message) throws IOException {
        try (ScriptedServer server = ScriptedServer.open()) {
            server.follow(
                    connection -> {
                        connection.readUntil("EXTERNAL\r\n");
                        connection.write("OK 1\r\n");
                        connection.readUntil("BEGIN\r\n");
                        connection.write(message);
                    });
            try (BusConnection bus = BusConnection.open(server.socket(), TIME, false)) {
                assertThatThrownBy(() -> bus.answer(1))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("a message of the bus")
                        .isNotInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void saysThatNobodyListens() {
        assertThatThrownBy(() -> BusConnection.open(folder.resolve("none"), TIME, true))
                .isInstanceOf(IOException.class);
    }
}
