// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import io.hostagent.core.relay.Upstream;
import io.hostagent.core.settings.EngineAddress;
import io.hostagent.core.settings.SettingsException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The raw door to the engine: bytes that are passed through unread. */
public final class EngineConnection {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * More streams at once than any engine was seen to carry; it stops an endless loop of callers
     * from taking every file descriptor of the host.
     */
    private static final int MAX_CONNECTIONS = 8_192;

    private EngineConnection() {}

    /** Describes how the engine is reached; nothing is connected yet. */
    public static Upstream to(EngineAddress address) {
        return switch (address) {
            case EngineAddress.UnixSocket(Path path) -> {
                DomainSocketAddress socket = new DomainSocketAddress(path.toFile());
                yield upstream(path.toString(), () -> socket, null);
            }
            case EngineAddress.Tcp(String host, int port, Path certificates) ->
                    upstream(
                            address.toString(),
                            () -> new InetSocketAddress(host, port),
                            tls(certificates));
        };
    }

    private static Upstream upstream(
            String where, Supplier<SocketAddress> address, @Nullable SslContext tls) {
        return new Upstream(
                "the engine at " + where, address, tls, CONNECT_TIMEOUT, MAX_CONNECTIONS);
    }

    private static @Nullable SslContext tls(@Nullable Path certificates) {
        if (certificates == null) {
            return null;
        }
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(certificates.resolve("ca.pem").toFile())
                    .keyManager(
                            certificates.resolve("cert.pem").toFile(),
                            certificates.resolve("key.pem").toFile())
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new SettingsException(
                    "DOCKER_CERT_PATH=" + certificates + " cannot be used: " + e.getMessage());
        }
    }
}
