// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hostagent.capability.metrics.discovery.ClusterTargets;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.OnBehalf;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.ClusterException;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * On which other node a container is. A container never moves, so it is asked for once; an ID that
 * nobody has is not asked for again for a while, however often a stale target is scraped.
 */
public final class ContainerHosts {

    private static final int REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofHours(1);
    private static final Duration NOWHERE_FOR = Duration.ofSeconds(5);

    private final ClusterTargets everywhere;
    private final Cache<String, String> nodes = cache(REMEMBERED_FOR);
    private final Cache<String, Boolean> nowhere = cache(NOWHERE_FOR);

    public ContainerHosts(ClusterTargets everywhere) {
        this.everywhere = everywhere;
    }

    private static <T> Cache<String, T> cache(Duration kept) {
        return Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(kept)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Finds it.
     *
     * @return errors with 404 when no node has it, with 503 when one that may have it does not
     *     answer
     */
    Mono<Member> find(
            String container, ClusterView view, Member self, OnBehalf who, EventLoop loop) {
        Optional<Member> remembered =
                Optional.ofNullable(nodes.getIfPresent(container)).flatMap(view::node);
        if (remembered.isPresent() && !remembered.get().self()) {
            return Mono.just(remembered.get());
        }
        if (nowhere.getIfPresent(container) != null) {
            return Mono.error(unknown(container));
        }
        return everywhere
                .withContainer(container, view, self, who, loop)
                .map(found -> one(container, found));
    }

    private Member one(String container, ClusterTargets.Whereabouts found) {
        if (found.member().isPresent()) {
            Member member = found.member().get();
            nodes.put(container, member.nodeName());
            return member;
        }
        List<String> missing = found.missing();
        if (!missing.isEmpty()) {
            throw ClusterException.undecided(container, String.join(", ", missing));
        }
        nowhere.put(container, true);
        throw unknown(container);
    }

    /** 404: it has ended, or never was. */
    static CallerException unknown(String container) {
        return CallerException.notFound(
                "No running container '" + container + "' is to be scraped",
                "It has ended, or does not ask for it with its label prometheus.io/scrape=true");
    }
}
