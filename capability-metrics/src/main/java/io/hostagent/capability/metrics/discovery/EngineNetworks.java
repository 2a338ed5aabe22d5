// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamRequest;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The networks of this host's engine, asked for when somebody wants to know. What a network is
 * never changes, so the last answer serves while the engine is away.
 */
public final class EngineNetworks {

    private static final Logger log = LoggerFactory.getLogger(EngineNetworks.class);
    private static final String PATH = "/networks";
    private static final Duration LIMIT = Duration.ofMillis(900);

    private final Upstream engine;
    private volatile Map<String, EngineNetwork> last = Map.of();

    public EngineNetworks(Upstream engine) {
        this.engine = engine;
    }

    /** All of them by their IDs, as they are or were; within a second. Never errors. */
    Mono<Map<String, EngineNetwork>> all(EventLoop loop) {
        return UpstreamRequest.get(
                        engine,
                        loop,
                        PATH,
                        new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker"),
                        LIMIT)
                .filter(reply -> reply.status() == 200)
                .map(this::read)
                .doOnError(failure -> log.debug("The networks are as they were", failure))
                .onErrorResume(failure -> Mono.empty())
                .switchIfEmpty(Mono.fromSupplier(() -> last));
    }

    /** Those of the IDs that the engine knows; it is asked only when one is new. Never errors. */
    public Mono<Map<String, EngineNetwork>> of(Iterable<String> ids, EventLoop loop) {
        Map<String, EngineNetwork> known = last;
        for (String id : ids) {
            if (!known.containsKey(id)) {
                return all(loop);
            }
        }
        return Mono.just(known);
    }

    private Map<String, EngineNetwork> read(UpstreamReply.Whole reply) {
        Map<String, EngineNetwork> networks = parse(reply.body());
        last = networks;
        return networks;
    }

    static Map<String, EngineNetwork> parse(String list) {
        Map<String, EngineNetwork> networks = new HashMap<>();
        for (@Nullable Object item : JsonTree.list(JsonTree.read(list))) {
            EngineNetwork network =
                    new EngineNetwork(
                            text(item, "Id"),
                            text(item, "Name"),
                            text(item, "Driver"),
                            text(item, "Scope"),
                            JsonTree.flag(item, "Internal"),
                            JsonTree.flag(item, "Ingress"),
                            labels(item),
                            subnets(item));
            networks.put(network.id(), network);
        }
        return Map.copyOf(networks);
    }

    private static Map<String, String> labels(@Nullable Object item) {
        Map<String, String> labels = new HashMap<>();
        JsonTree.map(item, "Labels")
                .forEach((key, value) -> labels.put(key, value instanceof String text ? text : ""));
        return labels;
    }

    private static List<IpSubnetFilterRule> subnets(@Nullable Object item) {
        List<IpSubnetFilterRule> subnets = new ArrayList<>();
        for (@Nullable Object pool : JsonTree.list(item, "IPAM", "Config")) {
            try {
                subnets.add(new IpSubnetFilterRule(text(pool, "Subnet"), IpFilterRuleType.ACCEPT));
            } catch (IllegalArgumentException e) {
                log.debug("A network without a subnet, or one that is none", e);
            }
        }
        return subnets;
    }

    private static String text(@Nullable Object item, String name) {
        return Objects.requireNonNullElse(JsonTree.text(item, name), "");
    }
}
