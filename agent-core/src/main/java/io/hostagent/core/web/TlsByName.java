// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.tls.ClusterTls;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsyncMapping;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.tcp.SslProvider;

/**
 * Gives a connection the TLS that its client asks for by name (SNI): that among agents, or the one
 * for everybody else, asked for by any other name or none. An agent that calls while the keys are
 * still being derived waits for them; no thread does.
 */
final class TlsByName implements AsyncMapping<String, SslProvider> {

    private final SslProvider clients;
    private final Mono<SslProvider> agents;

    TlsByName(SslContext clients, ClusterTls agents, Duration handshakeTimeout) {
        this.clients = provider(clients, handshakeTimeout);
        this.agents = agents.ready().map(context -> provider(context.server(), handshakeTimeout));
    }

    @Override
    public Future<SslProvider> map(@Nullable String name, Promise<SslProvider> choice) {
        if (!ClusterTls.SERVER_NAME.equals(name)) {
            return choice.setSuccess(clients);
        }
        agents.subscribe(choice::trySuccess, choice::tryFailure);
        return choice;
    }

    private static SslProvider provider(SslContext tls, Duration handshakeTimeout) {
        return SslProvider.builder().sslContext(tls).handshakeTimeout(handshakeTimeout).build();
    }
}
