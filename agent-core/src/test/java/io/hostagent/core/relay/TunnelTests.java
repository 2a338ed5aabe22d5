// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Upgrades: from a request to a raw stream. */
@ExtendWith(NoLeaks.class)
class TunnelTests {

    private static final String UPGRADE =
            "POST /exec/1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                    + "Content-Length: 2\r\n\r\n{}";
    private static final String SWITCHING =
            "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    private final RelayServer relay = new RelayServer();

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void carriesBytesBothWaysFromTheFirstOne() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.read(2);
                    connection.write(SWITCHING + "welcome\n");
                    connection.write("you said " + connection.readUntil("\n"));
                });

        try (RawClient client = relay.client()) {
            client.send(UPGRADE);
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 UPGRADED\r\n");
            assertThat(client.readUntil("\n")).isEqualTo("welcome\n");
            client.send("GET / HTTP/1.1\u0000\u00ff\n");
            assertThat(client.readUntil("\n")).isEqualTo("you said GET / HTTP/1.1\u0000\u00ff\n");
        }
        assertThat(relay.switched).hasValue(1);
        assertThat(relay.upstream.heads().getFirst())
                .containsIgnoringCase("connection: upgrade\r\n")
                .containsIgnoringCase("upgrade: tcp\r\n");
    }

    @Test
    void endsTheClientsConnectionSoonAfterTheServers() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.read(2);
                    connection.write(SWITCHING + "bye");
                });

        try (RawClient client = relay.client()) {
            assertThat(client.send(UPGRADE).readToEnd()).endsWith("\r\n\r\nbye");
        }
    }

    @Test
    void endsTheServersConnectionWithTheClients() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.read(2);
                    connection.write(SWITCHING);
                    connection.readToEnd();
                });
        RawClient client = relay.client();
        client.send(UPGRADE).readHead();

        client.reset();

        assertThat(relay.upstream.connections().getFirst().awaitEnd(10)).isTrue();
    }

    @Test
    void staysHttpWhenTheServerRefuses() throws Exception {
        relay.upstream.follow(
                connection -> {
                    while (!connection.readHead().isEmpty()) {
                        connection.read(2);
                        connection.write("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
                    }
                });

        try (RawClient client = relay.client()) {
            assertThat(client.send(UPGRADE).readResponse()).isEqualTo("404 no");
            assertThat(client.send(UPGRADE).readResponse()).isEqualTo("404 no");
        }
        assertThat(relay.switched).hasValue(0);
        assertThat(relay.upstream.connections()).hasSize(1);
    }

    @Test
    void givesUpWithAClientThatDoesNotWaitForTheUpgrade() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.readToEnd();
                });
        RawClient client = relay.client();
        client.send(UPGRADE);
        await().atMost(Duration.ofSeconds(10)).until(() -> relay.upstream.heads().size() == 1);

        client.reset();

        assertThat(relay.upstream.connections().getFirst().awaitEnd(10)).isTrue();
        assertThat(relay.switched).hasValue(0);
    }

    @Test
    void carriesALargeStreamWithoutHoldingIt() throws Exception {
        byte[] megabyte = new byte[1024 * 1024];
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.read(2);
                    connection.write(SWITCHING);
                    for (int i = 0; i < 64; i++) {
                        connection.write(megabyte);
                    }
                });

        try (RawClient client = new RawClient(relay.port(), 64 * 1024)) {
            client.send(UPGRADE).readHead();
            client.read(1);
            assertThat(relay.upstream.connections().getFirst().written())
                    .isLessThan(16L * megabyte.length);
            long rest = client.readToEnd().length();
            assertThat(rest).isEqualTo(64L * megabyte.length - 1);
        }
    }
}
