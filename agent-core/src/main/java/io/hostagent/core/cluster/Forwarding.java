// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.error.ClusterException;
import io.hostagent.core.relay.PassedHeaders;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.relay.UpstreamFailedException;
import io.hostagent.core.relay.UpstreamMisdirectedException;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Passes a client's request on to the agent on another node, whatever becomes of it: a list, an
 * endless stream, a console. There it is answered as if the client had called that agent.
 */
public final class Forwarding {

    private static final int QUESTIONS = 1;

    /** A change that is under way is not given up for a pause of the other host. */
    private static final int QUESTIONS_OF_A_CHANGE = 3;

    private final Directory directory;
    private final Peers peers;
    private final LocalNode self;

    public Forwarding(Directory directory, Peers peers, LocalNode self) {
        this.directory = directory;
        this.peers = peers;
        this.self = self;
    }

    /**
     * Passes a request on.
     *
     * @param upgrade the protocol of a raw stream that the client asks to switch to, if any
     * @return as {@link Relay#relay}; errors with a {@link ClusterException}, within two seconds
     *     when the other host does not answer at all
     */
    public Mono<Void> to(Member member, Exchange exchange, @Nullable String upgrade) {
        AtomicBoolean switched = new AtomicBoolean();
        HttpMethod method = exchange.request().method();
        boolean looks = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        Relay.Outgoing outgoing =
                new Relay.Outgoing(
                        exchange.request().method(),
                        target(exchange.path()),
                        headers(member, exchange),
                        upgrade,
                        () -> {
                            switched.set(true);
                            exchange.switched().run();
                        });
        exchange.response().responseHeaders().set(PeerHeaders.NODE, member.nodeName());
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        Mono<Void> answer =
                Relay.relay(
                        exchange.request(),
                        exchange.response(),
                        peers.at(member.address()),
                        outgoing);
        return new PeerWatch(
                        loop,
                        () -> peers.alive(member.address(), loop),
                        () -> switched.get() || exchange.response().hasSentHeaders(),
                        looks ? QUESTIONS : QUESTIONS_OF_A_CHANGE)
                .over(answer)
                .onErrorMap(failure -> failed(member, failure, looks));
    }

    private Throwable failed(Member member, Throwable failure, boolean looks) {
        return switch (failure) {
            case UpstreamUnreachableException unreachable -> {
                directory.failed(member, Reason.of(unreachable));
                yield ClusterException.absent(member.nodeName(), Reason.of(unreachable));
            }
            case PeerWatch.NoAnswer silent -> {
                directory.failed(member, Reason.of(silent));
                yield looks
                        ? ClusterException.absent(member.nodeName(), Reason.of(silent))
                        : ClusterException.failed(member.nodeName(), silent);
            }
            case UpstreamMisdirectedException moved -> {
                directory.mistaken(member);
                yield ClusterException.absent(
                        member.nodeName(), "another agent has its address now; ask again");
            }
            case UpstreamFailedException broken -> {
                directory.failed(member, Reason.of(broken));
                yield ClusterException.failed(member.nodeName(), broken);
            }
            default -> failure;
        };
    }

    /** What a request is passed on with: all that is end-to-end, and who asks whom. */
    public HttpHeaders headers(Member member, Exchange exchange) {
        HttpHeaders client = exchange.request().requestHeaders();
        HttpHeaders headers =
                PassedHeaders.of(client)
                        .add(
                                peers.headers(
                                        member.address(),
                                        OnBehalf.of(exchange.caller(), client::get)))
                        .set(PeerHeaders.TARGET, member.nodeName());
        self.lastKnown().ifPresent(identity -> headers.set(PeerHeaders.HOP, identity.nodeName()));
        return headers;
    }

    /** Path and query of a request that is passed on, with the API version it came with. */
    public static String target(RequestPath path) {
        return path.dockerVersion() == null
                ? path.rawTarget()
                : "/v" + path.dockerVersion() + path.rawTarget();
    }
}
