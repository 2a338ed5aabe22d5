// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Looks up all addresses of a name, each time anew: an agent that comes back has another one. A
 * name server that does not answer costs a second and no thread. Loaded by the first look-up.
 */
final class Names {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Supplier<EventLoop> loops;
    private @Nullable DnsNameResolver resolver;

    Names(Supplier<EventLoop> loops) {
        this.loops = loops;
    }

    /** The addresses of a name, or of an address itself; errors when there are none. */
    Mono<List<String>> addresses(String name) {
        return Mono.<List<String>>create(
                        sink ->
                                resolver()
                                        .resolveAll(name)
                                        .addListener(
                                                found -> {
                                                    if (found.isSuccess()) {
                                                        sink.success(texts(found.getNow()));
                                                    } else {
                                                        sink.error(found.cause());
                                                    }
                                                }))
                .timeout(LIMIT);
    }

    @SuppressWarnings("unchecked") // A listener does not know the type of its future.
    private static List<String> texts(Object addresses) {
        return ((List<InetAddress>) addresses).stream().map(InetAddress::getHostAddress).toList();
    }

    private synchronized DnsNameResolver resolver() {
        DnsNameResolver open = resolver;
        if (open == null) {
            open =
                    new DnsNameResolverBuilder(loops.get())
                            .datagramChannelType(EpollDatagramChannel.class)
                            // An answer with many addresses does not fit a datagram.
                            .socketChannelType(EpollSocketChannel.class, true)
                            .resolveCache(NoopDnsCache.INSTANCE)
                            .cnameCache(NoopDnsCnameCache.INSTANCE)
                            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                            .queryTimeoutMillis(LIMIT.toMillis())
                            .maxQueriesPerResolve(4)
                            .build();
            resolver = open;
        }
        return open;
    }
}
