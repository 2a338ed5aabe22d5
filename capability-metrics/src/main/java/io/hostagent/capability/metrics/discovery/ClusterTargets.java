// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.cluster.Absent;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.OnBehalf;
import io.hostagent.core.cluster.PeerHeaders;
import io.hostagent.core.cluster.Peers;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The targets in the containers of all hosts: each agent tells those of its own. */
public final class ClusterTargets {

    private static final Logger log = LoggerFactory.getLogger(ClusterTargets.class);
    private static final String CAPABILITY = "metrics";

    /** How many agents are asked at once. */
    private static final int AT_ONCE = 64;

    private final Directory directory;
    private final Peers peers;
    private final ContainerTargets here;

    public ClusterTargets(Directory directory, Peers peers, ContainerTargets here) {
        this.directory = directory;
        this.peers = peers;
        this.here = here;
    }

    /**
     * Asks all agents whose metrics are on. One that gives no list is left out, and named.
     *
     * @param self the member of the view that is this agent
     * @param ownAddress where Prometheus reaches it
     * @param who asks
     * @return the lists in the order of the nodes
     */
    Mono<TargetLists> of(
            ContainerQuery query,
            ClusterView view,
            Member self,
            String ownAddress,
            OnBehalf who,
            EventLoop loop) {
        TargetLists lists = new TargetLists(view.absent().stream().map(Absent::name).toList());
        return Flux.fromIterable(view.members())
                .filter(ClusterTargets::hasMetrics)
                .flatMapSequential(
                        member ->
                                (member.self()
                                                ? here(query, member, ownAddress, loop)
                                                : there(query, member, self, who, loop))
                                        .<Runnable>map(
                                                list -> () -> lists.add(member.nodeName(), list)),
                        AT_ONCE)
                .doOnNext(Runnable::run)
                .then(Mono.just(lists));
    }

    private Mono<byte[]> here(
            ContainerQuery query, Member self, String ownAddress, EventLoop loop) {
        return here.document(query, self.identity(), query.via().orElse(ownAddress), loop);
    }

    /**
     * Where a container is.
     *
     * @param member its node; empty when no other node has it
     * @param missing names of nodes that did not say
     */
    public record Whereabouts(Optional<Member> member, List<String> missing) {}

    /**
     * Asks all other agents for a container that is to be scraped.
     *
     * @param self the member of the view that is this agent
     * @param who asks
     */
    public Mono<Whereabouts> withContainer(
            String container, ClusterView view, Member self, OnBehalf who, EventLoop loop) {
        ContainerQuery query = ContainerQuery.proxied(container);
        List<String> missing =
                Collections.synchronizedList(
                        new ArrayList<>(view.absent().stream().map(Absent::name).toList()));
        return Flux.fromIterable(view.members())
                .filter(member -> !member.self())
                .filter(ClusterTargets::hasMetrics)
                .flatMap(
                        member ->
                                there(query, member, self, who, loop)
                                        .filter(list -> tells(list, member, missing))
                                        .map(list -> member),
                        AT_ONCE)
                .next()
                .map(member -> new Whereabouts(Optional.of(member), List.of()))
                .switchIfEmpty(
                        Mono.fromSupplier(
                                () -> new Whereabouts(Optional.empty(), List.copyOf(missing))));
    }

    /** Whether a list has something; a node without a list is missing. */
    private static boolean tells(byte[] list, Member member, List<String> missing) {
        if (list.length == 0) {
            missing.add(member.nodeName());
        }
        return list.length > 2;
    }

    private static boolean hasMetrics(Member member) {
        return member.identity().capabilities().contains(CAPABILITY);
    }

    /** What another agent answers; empty bytes when it gives no list. */
    private Mono<byte[]> there(
            ContainerQuery query, Member member, Member self, OnBehalf who, EventLoop loop) {
        HttpHeaders headers =
                peers.headers(member.address(), who)
                        .set(PeerHeaders.TARGET, member.nodeName())
                        .set(PeerHeaders.HOP, self.nodeName());
        String target = query.targetFor(member.address().toString());
        return peers.get(member.address(), loop, target, headers)
                .map(reply -> reply.status() == 200 ? reply.body().getBytes(UTF_8) : new byte[0])
                .onErrorResume(failure -> failed(member, failure));
    }

    private Mono<byte[]> failed(Member member, Throwable failure) {
        log.debug("The agent on {} has no list of its containers", member.nodeName(), failure);
        if (failure instanceof UpstreamUnreachableException) {
            directory.failed(member, String.valueOf(failure.getMessage()));
        }
        return Mono.just(new byte[0]);
    }
}
