// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.UnixServer;
import io.hostagent.app.fixture.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A Unix socket in front of an agent for clients that drop {@code HttpHeaders} of the docker
 * configuration, as buildx does: it signs the one request of each connection and passes everything
 * after it on as it is.
 */
final class SigningForwarder {

    private SigningForwarder() {}

    static UnixServer to(RunningAgent agent, Path socket) throws IOException {
        return UnixServer.listen(
                socket,
                client -> {
                    String head = client.head();
                    Wire wire = Wire.tls(agent);
                    wire.send(signed(head, agent.key().headers()));
                    UnixServer.join(client, client.in(), wire);
                });
    }

    private static String signed(String head, Map<String, String> credentials) {
        StringBuilder added = new StringBuilder();
        credentials.forEach((name, value) -> added.append(name + ": " + value + "\r\n"));
        if (!head.toLowerCase(Locale.ROOT).contains("\r\nconnection:")) {
            added.append("Connection: close\r\n");
        }
        return head + "\r\n" + added + "\r\n";
    }
}
