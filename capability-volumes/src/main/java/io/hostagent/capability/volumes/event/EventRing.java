// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.event;

import io.hostagent.capability.volumes.event.Told.Happened;
import io.hostagent.capability.volumes.event.Told.Missed;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The last thousand events. A follower has a place in them and nothing else: one that is slow costs
 * no memory, and is told when what it did not take is gone.
 */
public final class EventRing implements VolumeEvents {

    /** How many are kept. */
    public static final int KEPT = 1_000;

    /** So that what follows a restart has greater IDs: nobody publishes a thousand in a ms. */
    private static final long IDS_IN_A_MILLISECOND = 1_000;

    /** Each at the rest of its ID. */
    private final @Nullable Happened[] kept = new Happened[KEPT];

    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final long begin;
    private long last;

    /**
     * Begins without any.
     *
     * @param clock by which the IDs are greater than those before a restart
     */
    public EventRing(Clock clock) {
        begin = clock.millis() * IDS_IN_A_MILLISECOND;
        last = begin;
    }

    @Override
    public void publish(VolumeEvent event) {
        synchronized (kept) {
            last++;
            kept[(int) (last % KEPT)] = new Happened(last, event);
        }
        followers.forEach(Follower::drain);
    }

    /** Those that are kept, the oldest first. */
    public List<Happened> recent() {
        synchronized (kept) {
            List<Happened> recent = new ArrayList<>();
            for (long id = oldest(); id <= last; id++) {
                recent.add(at(id));
            }
            return recent;
        }
    }

    /** How many follow at the moment. */
    public int followers() {
        return followers.size();
    }

    /**
     * Tells of events as fast as they are asked for, for ever. They come on the thread that
     * publishes, or that asks for more, and whoever takes them must not block it.
     *
     * @param after the ID that was told last; 0: all that are kept; empty: from now on
     */
    public Flux<Told> follow(OptionalLong after) {
        return Flux.from(
                subscriber -> {
                    Follower follower = new Follower(subscriber, place(after));
                    followers.add(follower);
                    subscriber.onSubscribe(follower);
                });
    }

    private long place(OptionalLong after) {
        synchronized (kept) {
            if (after.isEmpty()) {
                return last;
            }
            if (after.getAsLong() == 0) {
                return oldest() - 1;
            }
            // An ID that there was not yet is of another time: whoever has it knows nothing.
            return after.getAsLong() > last ? 0 : after.getAsLong();
        }
    }

    private long oldest() {
        return Math.max(begin, last - KEPT) + 1;
    }

    private Happened at(long id) {
        return Objects.requireNonNull(kept[(int) (id % KEPT)]);
    }

    private @Nullable Told after(long place) {
        synchronized (kept) {
            if (place >= last) {
                return null;
            }
            if (place < oldest() - 1) {
                return new Missed(oldest() - 1);
            }
            return at(place + 1);
        }
    }

    /** One that follows. What it does not ask for stays in the ring as long as that keeps it. */
    private final class Follower implements Subscription {

        private final Subscriber<? super Told> subscriber;
        private final AtomicLong wanted = new AtomicLong();
        private final AtomicInteger calls = new AtomicInteger();
        private volatile boolean gone;
        private long place;

        Follower(Subscriber<? super Told> subscriber, long place) {
            this.subscriber = subscriber;
            this.place = place;
        }

        @Override
        public void request(long count) {
            if (Operators.validate(count)) {
                wanted.accumulateAndGet(count, Operators::addCap);
                drain();
            }
        }

        /** One thread tells at a time; another one that comes lets it go round once more. */
        void drain() {
            if (calls.getAndIncrement() > 0) {
                return;
            }
            int done = 1;
            do {
                while (!gone && wanted.get() > 0) {
                    Told next = after(place);
                    if (next == null) {
                        break;
                    }
                    place = next.id();
                    if (wanted.get() != Long.MAX_VALUE) {
                        wanted.decrementAndGet();
                    }
                    subscriber.onNext(next);
                }
                done = calls.addAndGet(-done);
            } while (done > 0);
        }

        @Override
        public void cancel() {
            gone = true;
            followers.remove(this);
        }
    }
}
