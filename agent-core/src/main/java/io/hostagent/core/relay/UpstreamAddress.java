// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Where an upstream server is, and how one speaks to it. */
public sealed interface UpstreamAddress {

    /** What a connection is made to; a name in it is not looked up yet. */
    SocketAddress socket();

    /** A Unix socket on this host. */
    record Unix(Path path) implements UpstreamAddress {
        @Override
        public SocketAddress socket() {
            return new DomainSocketAddress(path.toFile());
        }
    }

    /**
     * A TCP port.
     *
     * @param host a name, which is looked up for every new connection, or an IP address
     * @param tls makes one end of a TLS connection; {@code null} for plain text
     * @param threads where a look-up may block
     */
    record Tcp(String host, int port, @Nullable Supplier<SSLEngine> tls, Executor threads)
            implements UpstreamAddress {
        @Override
        public SocketAddress socket() {
            return InetSocketAddress.createUnresolved(host, port);
        }
    }
}
