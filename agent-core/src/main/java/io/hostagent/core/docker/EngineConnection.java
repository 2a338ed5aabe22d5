// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import io.hostagent.core.settings.EngineAddress;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.tls.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The raw door to the engine: bytes that are passed through unread. */
public final class EngineConnection {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * More streams at once than any engine was seen to carry; it stops an endless loop of callers
     * from taking every file descriptor of the host.
     */
    private static final int MAX_CONNECTIONS = 8_192;

    private EngineConnection() {}

    /**
     * Describes how the engine is reached; nothing is connected yet.
     *
     * @param threads where the look-up of a name may block
     * @throws SettingsException naming the file below {@code DOCKER_CERT_PATH} that cannot be used
     */
    public static Upstream to(EngineAddress address, Executor threads) {
        return new Upstream(
                "the engine at " + address,
                reach(address, threads),
                CONNECT_TIMEOUT,
                MAX_CONNECTIONS);
    }

    private static UpstreamAddress reach(EngineAddress address, Executor threads) {
        return switch (address) {
            case EngineAddress.UnixSocket(Path path) -> new UpstreamAddress.Unix(path);
            case EngineAddress.Tcp(String host, int port, Path certificates) ->
                    new UpstreamAddress.Tcp(
                            host,
                            port,
                            certificates == null ? null : tls(host, port, certificates),
                            threads);
        };
    }

    private static ClientTls tls(String host, int port, Path certificates) {
        try {
            return ClientTls.to(host, port, certificates);
        } catch (SettingsException e) {
            throw new SettingsException(
                    "DOCKER_CERT_PATH=" + certificates + " cannot be used: " + e.getMessage());
        }
    }
}
