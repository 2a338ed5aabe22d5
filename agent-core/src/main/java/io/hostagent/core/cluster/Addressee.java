// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.ClusterException;
import io.hostagent.core.web.Exchange;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Which node a request is for, by the node that its header names. */
public final class Addressee {

    private final Directory directory;

    public Addressee(Directory directory) {
        this.directory = directory;
    }

    /** The node that a request names; empty for none. */
    public static String target(Exchange exchange) {
        return exchange.request().requestHeaders().get(PeerHeaders.TARGET, "");
    }

    /** Whether another agent passed a request on. Then it is for this node, or it is for nobody. */
    public static boolean passedOn(Exchange exchange) {
        return exchange.request().requestHeaders().contains(PeerHeaders.HOP);
    }

    /** In whose name another agent is asked because of a request. */
    public static OnBehalf who(Exchange exchange) {
        return OnBehalf.of(exchange.caller(), exchange.request().requestHeaders()::get);
    }

    /**
     * The other node that a request is for; empty when it is for this one, names none, or there are
     * no others. Errors with a {@link ClusterException}.
     */
    public Mono<Member> of(Exchange exchange) {
        HttpHeaders headers = exchange.request().requestHeaders();
        if (target(exchange).isEmpty() && !headers.contains(PeerHeaders.HOP)) {
            return Mono.empty();
        }
        return directory
                .view(who(exchange))
                .flatMap(
                        view ->
                                Mono.justOrEmpty(
                                        of(
                                                exchange,
                                                view,
                                                view.self()
                                                        .orElseThrow(
                                                                ClusterException::unknownSelf))));
    }

    /**
     * The other node that a request is for, in a cluster as it is seen; empty for this one.
     *
     * @throws ClusterException 421 when it was passed on and is not for this node, 500 or 503 when
     *     the node is not known or does not answer
     * @throws CallerException 409 when several nodes have the name
     */
    public static Optional<Member> of(Exchange exchange, ClusterView view, Member self) {
        String target = target(exchange);
        if (!passedOn(exchange)) {
            return named(view, self, target);
        }
        if (!target.equals(self.nodeName())) {
            throw ClusterException.misdirected(target);
        }
        return Optional.empty();
    }

    /** The other node of a name; empty for this one. Throws as {@link #of} does. */
    public static Optional<Member> named(ClusterView view, Member self, String name) {
        if (name.equals(self.nodeName())) {
            return Optional.empty();
        }
        if (view.members().stream().filter(m -> m.nodeName().equals(name)).count() > 1) {
            throw new CallerException(
                    409,
                    "More than one node is named '" + name + "'",
                    "Give the hosts names of their own, and restart their engines and agents");
        }
        Optional<Member> member = view.node(name);
        if (member.isPresent()) {
            return member;
        }
        for (Absent absent : view.absent()) {
            if (absent.name().equals(name)) {
                throw ClusterException.absent(name, absent.why());
            }
        }
        throw ClusterException.noSuchNode();
    }
}
