// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import io.hostagent.core.tls.UnverifiedTls;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The connections to exporters: kept for the next scrape, and closed when there is none. An address
 * that another container gets later is another exporter's.
 */
public final class Connections {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** Scrapes of one exporter at the same time. */
    private static final int MAX_CONNECTIONS = 16;

    private static final int MAX_EXPORTERS = 5_000;
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private record At(ContainerId container, String address, int port, boolean tls) {}

    private final Executor threads;
    private final UnverifiedTls tls = new UnverifiedTls();
    private final Cache<At, Upstream> upstreams =
            Caffeine.newBuilder()
                    .maximumSize(MAX_EXPORTERS)
                    .expireAfterAccess(FORGOTTEN)
                    .executor(Runnable::run)
                    .build();
    private final Cache<ContainerId, String> answering =
            Caffeine.newBuilder()
                    .maximumSize(MAX_EXPORTERS)
                    .expireAfterAccess(FORGOTTEN)
                    .executor(Runnable::run)
                    .build();

    /**
     * Prepares them; there is none yet.
     *
     * @param threads where the look-up of an address may block
     */
    public Connections(Executor threads) {
        this.threads = threads;
    }

    /** An exporter at one of its addresses. */
    Upstream to(Exporter exporter, String address) {
        return upstreams.get(
                new At(exporter.container(), address, exporter.port(), exporter.tls()),
                at ->
                        new Upstream(
                                "The container '" + exporter.name() + "' at " + text(at),
                                new UpstreamAddress.Tcp(
                                        at.address(),
                                        at.port(),
                                        // It is the container's own address on this host: there is
                                        // nobody on the way, and no name to compare.
                                        at.tls() ? tls.to(at.address(), at.port()) : null,
                                        threads),
                                CONNECT_TIMEOUT,
                                MAX_CONNECTIONS));
    }

    /** {@code HOST:PORT} of an exporter, as it goes into a request. */
    static String hostAndPort(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    private static String text(At at) {
        return hostAndPort(at.address(), at.port());
    }

    /** An address answers: it is tried first from now on. */
    void answered(Exporter exporter, String address) {
        if (exporter.addresses().size() > 1) {
            answering.put(exporter.container(), address);
        }
    }

    /** The exporter's addresses, in the order in which they are to be tried. */
    Exporter bestFirst(Exporter exporter) {
        String best = answering.getIfPresent(exporter.container());
        return best == null ? exporter : exporter.preferring(best);
    }
}
