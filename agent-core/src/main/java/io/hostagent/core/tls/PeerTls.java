// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import reactor.core.publisher.Mono;

/** How this agent reaches the others of its cluster. */
public sealed interface PeerTls permits ClusterTls, UnverifiedTls {

    /** The calling end of connections to other agents. */
    @FunctionalInterface
    interface Client {

        /**
         * Makes the ends of connections to one agent. Sessions are resumed by host and port, so a
         * connection after the first one costs less.
         *
         * @param host name or IP address, as it is connected to
         */
        Supplier<SSLEngine> to(String host, int port);
    }

    /**
     * Whether both ends prove that they know the secret. Then a connection that stands leads to an
     * agent, which believes this one without more. Otherwise it may lead to anybody, and the other
     * agent asks for its client's signature.
     */
    boolean mutual();

    /**
     * The calling end, once it is there. The first subscription may take a second, and is then
     * answered on a virtual thread.
     */
    Mono<? extends Client> ready();
}
