// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.core.cluster.Discovery.Found;
import io.hostagent.core.host.OwnContainer;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.settings.AgentSettings;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The other agents. Nothing is known by gossip and nothing is asked while nobody wants to know:
 * whoever asks gets what was seen a moment ago, and the next look is taken in the background; only
 * after a pause does one wait for it. Thread-safe.
 */
public final class Directory {

    private static final Logger log = LoggerFactory.getLogger(Directory.class);

    /** A view of this age is as good as a new one. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** An older one is not shown any more. */
    private static final Duration STALE = Duration.ofSeconds(5);

    /** Who waits for a view gets what is known after this time. */
    private static final Duration PATIENCE = Duration.ofMillis(1_200);

    /** What a large cluster adds to both, for each member: it is asked a hundred times a second. */
    private static final Duration PER_MEMBER = Duration.ofMillis(10);

    /**
     * How long what the orchestrator told last counts while it cannot be asked: a name server alone
     * knows neither an agent that has just started nor a node that is away.
     */
    private static final Duration TOLD = Duration.ofHours(1);

    private static final int MAX_DROPPED = 10_000;

    /** How many agents are asked at once. */
    private static final int AT_ONCE = 64;

    private static final ClusterView NOBODY = new ClusterView(List.of(), List.of());

    /** What is missing when nobody knows what is missing. */
    private static final Absent UNKNOWN =
            new Absent("unknown nodes", null, "they are being looked for");

    private record Seen(ClusterView view, long at) {}

    private record Told(Found found, long at) {}

    private record Dropped(String why, long at) {}

    private final LocalNode self;
    private final Membership membership;
    private final Identities identities;
    private final Sightings sightings;
    private final Ticker ticker;
    private final Object lock = new Object();
    private final Cache<PeerAddress, Dropped> dropped =
            Caffeine.newBuilder()
                    .maximumSize(MAX_DROPPED)
                    .expireAfterWrite(STALE)
                    .executor(Runnable::run)
                    .build();
    private @Nullable Mono<ClusterView> looking;
    private volatile @Nullable Seen seen;
    private volatile @Nullable Found lastFound;
    private volatile @Nullable Told lastTold;
    private volatile @Nullable PeerAddress ownAddress;

    Directory(
            LocalNode self,
            Membership membership,
            Identities identities,
            Clock clock,
            Ticker ticker) {
        this.self = self;
        this.membership = membership;
        this.identities = identities;
        this.sightings = new Sightings(clock);
        this.ticker = ticker;
    }

    /**
     * Prepares a directory; nothing is asked yet.
     *
     * @param settings say where the others are, unless a Swarm does
     */
    public static Directory of(
            AgentSettings settings,
            LocalNode self,
            Upstream engine,
            Peers peers,
            Supplier<EventLoop> loops) {
        Names names = new Names(loops);
        return new Directory(
                self,
                membership(settings, self, engine, peers, loops, names),
                new Identities(peers, Ticker.systemTicker()),
                Clock.systemUTC(),
                Ticker.systemTicker());
    }

    private static Membership membership(
            AgentSettings settings,
            LocalNode self,
            Upstream engine,
            Peers peers,
            Supplier<EventLoop> loops,
            Names names) {
        int port = settings.port();
        if (settings.podman()) {
            return Mono::empty;
        }
        if (settings.clusterAddress().isPresent()) {
            Discovery list = AddressList.parse(settings.clusterAddress().get(), port, names);
            return () -> Mono.just(list);
        }
        Optional<String> container = OwnContainer.id();
        if (container.isEmpty()) {
            return Mono::empty;
        }
        return new SwarmMembership(
                engine,
                loops,
                container.get(),
                port,
                service -> new SwarmDiscovery(service, port, self, engine, loops, peers, names));
    }

    /** Whether there can be other agents; errors as {@link #view} does. */
    public Mono<Boolean> clustered() {
        return membership.discovery().hasElement();
    }

    /**
     * The cluster as it is now, or was a moment ago. Empty outside of a cluster. Ends within about
     * two seconds also when hosts are gone.
     *
     * @param who on whose behalf agents may be asked that do not know a shared secret
     * @return on this thread, or on an event loop; errors with {@link
     *     io.hostagent.core.error.ClusterException#unknownSelf} while the engine has not told yet
     *     whether there is a cluster
     */
    public Mono<ClusterView> view(OnBehalf who) {
        return membership.discovery().flatMap(discovery -> view(discovery, who));
    }

    /** What was seen last, whenever that was: asking for it asks nobody else. */
    public Optional<LastView> last() {
        Seen last = seen;
        return last == null
                ? Optional.empty()
                : Optional.of(
                        new LastView(last.view(), Duration.ofNanos(ticker.read() - last.at())));
    }

    /** The cluster as it was seen so long ago. */
    public record LastView(ClusterView view, Duration age) {}

    private Mono<ClusterView> view(Discovery discovery, OnBehalf who) {
        Seen last = seen;
        if (last == null) {
            return look(discovery, who).timeout(PATIENCE, alone());
        }
        long age = ticker.read() - last.at();
        long extra = PER_MEMBER.toNanos() * last.view().members().size();
        if (age < FRESH.toNanos() + extra) {
            return Mono.just(last.view());
        }
        Mono<ClusterView> next = look(discovery, who);
        if (age < STALE.toNanos() + extra) {
            next.subscribe();
            return Mono.just(last.view());
        }
        return next.timeout(PATIENCE, Mono.fromSupplier(() -> latest(last)));
    }

    /** What was seen last, without those that have failed since. */
    private ClusterView latest(Seen last) {
        Seen now = seen;
        return now == null ? last.view() : now.view();
    }

    /** This node is there in any case. */
    private Mono<ClusterView> alone() {
        return self.identity()
                .map(
                        identity ->
                                new Member(
                                        identity,
                                        new PeerAddress(Roll.NOWHERE, identity.port()),
                                        true))
                .map(member -> new ClusterView(List.of(member), List.of(UNKNOWN)))
                .defaultIfEmpty(NOBODY);
    }

    /** A call to a member failed: it counts as absent until it says again who it is. */
    public void failed(Member member, String why) {
        if (member.self()) {
            return;
        }
        sightings.missed(member.nodeName());
        identities.failed(member.address(), why);
        drop(member, why);
        log.info("The agent on {} does not answer: {}", member.nodeName(), why);
    }

    /** A member is not who it was taken for. */
    public void mistaken(Member member) {
        identities.forget(member.address());
        drop(member, "another agent has its address now");
    }

    private void drop(Member member, String why) {
        synchronized (lock) {
            dropped.put(member.address(), new Dropped(why, ticker.read()));
            Seen last = seen;
            if (last != null && last.view().members().contains(member)) {
                seen = new Seen(last.view().without(member, why), last.at());
            }
        }
    }

    /** When a node was seen last, if it ever was. */
    Optional<Instant> lastSeen(String node) {
        return sightings.lastSeen(node);
    }

    /** Requests that a node did not answer since this agent started. */
    long unanswered(String node) {
        return sightings.unanswered(node);
    }

    private Mono<ClusterView> look(Discovery discovery, OnBehalf who) {
        synchronized (lock) {
            Mono<ClusterView> running = looking;
            if (running == null) {
                long start = ticker.read();
                running =
                        found(discovery, who)
                                .flatMap(found -> ask(found, who))
                                .map(view -> saw(view, start))
                                .doFinally(end -> looked())
                                .cache();
                looking = running;
            }
            return running;
        }
    }

    /** Who failed while this look was taken may still be in it as he was before. */
    private ClusterView saw(ClusterView view, long start) {
        view.members().forEach(member -> sightings.saw(member.nodeName()));
        synchronized (lock) {
            ClusterView current = view;
            for (Member member : view.members()) {
                Dropped since = dropped.getIfPresent(member.address());
                if (since != null && since.at() - start > 0) {
                    current = current.without(member, since.why());
                }
            }
            seen = new Seen(current, ticker.read());
            return current;
        }
    }

    private void looked() {
        synchronized (lock) {
            looking = null;
        }
    }

    /** Where nobody can say who is there, it is those who were there before. */
    private Mono<Found> found(Discovery discovery, OnBehalf who) {
        Seen last = seen;
        return discovery
                .find(last == null ? NOBODY : last.view(), who, this::failed)
                .map(this::withTold)
                .doOnNext(found -> lastFound = found)
                .onErrorResume(
                        failure -> {
                            Found before = lastFound;
                            if (before == null) {
                                log.warn(
                                        "The other agents cannot be found: {}", Reason.of(failure));
                                return Mono.just(
                                        new Found(
                                                Map.of(),
                                                List.of(
                                                        new Discovery.Node(
                                                                "",
                                                                UNKNOWN.name(),
                                                                Role.WORKER,
                                                                Reason.of(failure)))));
                            }
                            return Mono.just(before);
                        });
    }

    private Found withTold(Found found) {
        long now = ticker.read();
        if (found.told()) {
            lastTold = new Told(found, now);
            return found;
        }
        Told told = lastTold;
        return told == null || now - told.at() > TOLD.toNanos()
                ? found
                : found.beside(told.found());
    }

    private Mono<ClusterView> ask(Found found, OnBehalf who) {
        Roll roll =
                new Roll(
                        found,
                        self.instance(),
                        address -> identities.lastNode(address).orElse(address.toString()));
        return self.identity()
                .doOnNext(roll::self)
                .thenMany(
                        Flux.fromIterable(found.addresses().keySet())
                                .filter(address -> !address.equals(ownAddress))
                                .flatMap(
                                        address ->
                                                identities
                                                        .of(address, who)
                                                        .doOnNext(said -> roll.add(address, said)),
                                        AT_ONCE))
                .then(
                        Mono.fromCallable(
                                () -> {
                                    roll.ownAddress().ifPresent(own -> ownAddress = own);
                                    return roll.view(Optional.ofNullable(ownAddress));
                                }));
    }
}
