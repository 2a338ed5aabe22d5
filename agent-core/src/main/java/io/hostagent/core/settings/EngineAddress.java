// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the engine's API is, as {@code DOCKER_HOST} gives it. */
public sealed interface EngineAddress {

    /** A Unix socket on this host. */
    record UnixSocket(Path path) implements EngineAddress {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * A TCP port.
     *
     * @param host a name or an IP address, which is without brackets even if it has colons
     * @param certificates folder with {@code ca.pem}, {@code cert.pem}, {@code key.pem}; {@code
     *     null} for plain text
     */
    record Tcp(String host, int port, @Nullable Path certificates) implements EngineAddress {
        @Override
        public String toString() {
            return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * Reads a {@code DOCKER_HOST} value.
     *
     * @throws SettingsException when it is of a kind that the agent cannot reach
     */
    static EngineAddress parse(String text, boolean tls, @Nullable Path certificates) {
        if (text.startsWith("unix://") && text.length() > "unix://".length()) {
            return new UnixSocket(Path.of(text.substring("unix://".length())));
        }
        if (text.startsWith("tcp://")) {
            URI uri;
            try {
                uri = URI.create(text);
            } catch (IllegalArgumentException e) {
                throw new SettingsException("DOCKER_HOST=" + text + " is not a URL");
            }
            if (uri.getHost() != null && isOnlyHostAndPort(uri)) {
                if (tls && certificates == null) {
                    throw new SettingsException(
                            "DOCKER_TLS_VERIFY is set: DOCKER_CERT_PATH must name the folder with"
                                    + " ca.pem, cert.pem and key.pem");
                }
                int port = uri.getPort() > 0 ? uri.getPort() : tls ? 2376 : 2375;
                String host = uri.getHost();
                if (host.startsWith("[")) {
                    host = host.substring(1, host.length() - 1);
                }
                return new Tcp(host, port, tls ? certificates : null);
            }
        }
        throw new SettingsException(
                "DOCKER_HOST="
                        + text
                        + " cannot be used: it takes unix:///path/to/docker.sock or"
                        + " tcp://host:port");
    }

    private static boolean isOnlyHostAndPort(URI uri) {
        String path = uri.getRawPath();
        return (path.isEmpty() || path.equals("/"))
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getPort() != 0
                && uri.getPort() <= 65_535;
    }
}
