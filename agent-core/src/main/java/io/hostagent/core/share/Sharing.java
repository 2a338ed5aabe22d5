// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.share;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.util.ReferenceCounted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who shares an answer with whom. The rule that everything else serves: <em>an answer is only given
 * to requests that were here before the call for it started</em>, so whoever has just changed
 * something sees it.
 *
 * <p>A request that finds nothing running for its key has a call of its own, at once. Those that
 * come while a call runs wait together until it ends, but no longer than a given time; then one
 * call is made for all of them, and those that come meanwhile are the next group.
 *
 * <p>Thread-safe. The lock is held for a few moves in maps, never while somebody is told something,
 * so event loops may take it. A key is remembered only while a call for it runs.
 *
 * @param <A> the answer; each that shares it gets a reference
 */
public final class Sharing<A extends ReferenceCounted> {

    /** How many keys may be marked as too large at once; a forgotten one costs one call. */
    private static final int APART_KEYS = 64;

    private static final long NO_CALL = -1;
    private static final long FIRST_CALL = 0;

    private final Object lock = new Object();
    private final Map<String, Line> lines = new HashMap<>();
    private final long patienceNanos;
    private final Cache<String, Boolean> apart;

    /**
     * Describes a way to share.
     *
     * @param patience how long a group waits at most for the call before it: a call that hangs, or
     *     a client that reads slowly, holds nobody up for longer
     * @param apart how long a key is not shared after an answer that was too large
     * @param ticker measures {@code apart}
     */
    public Sharing(Duration patience, Duration apart, Ticker ticker) {
        this.patienceNanos = patience.toNanos();
        this.apart =
                Caffeine.newBuilder()
                        .expireAfterWrite(apart)
                        .maximumSize(APART_KEYS)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
    }

    /**
     * Gets an asker its answer, alone or with others of the same key.
     *
     * @return to be run, on any thread, when the asker has gone and wants no answer any more; it is
     *     the asker's business to give up what it does alone
     */
    public Runnable join(String key, Asker<A> asker) {
        if (apart.getIfPresent(key) != null) {
            asker.alone(() -> {});
            return () -> {};
        }
        Line first;
        synchronized (lock) {
            Line running = lines.get(key);
            if (running != null) {
                return running.wait(asker);
            }
            first = new Line(key);
            lines.put(key, first);
        }
        asker.alone(() -> ended(first, FIRST_CALL));
        return () -> {};
    }

    /** How many keys have a call running; 0 when idle. */
    public int keys() {
        synchronized (lock) {
            return lines.size();
        }
    }

    /** How many askers wait for a call that has not started; 0 when idle. */
    public int waiting() {
        synchronized (lock) {
            return lines.values().stream().mapToInt(Line::waiting).sum();
        }
    }

    /** The newest call of a key is over: it is the turn of those who wait, if there are any. */
    private void ended(Line line, long call) {
        Group next;
        synchronized (lock) {
            if (line.newest != call) {
                // A younger one has been started since, which the next group waits for.
                return;
            }
            next = line.waiting;
            if (next == null) {
                line.newest = NO_CALL;
                lines.remove(line.key, line);
                return;
            }
            line.close(next);
        }
        start(next);
    }

    private void outOfPatience(Group group) {
        synchronized (lock) {
            if (group.line.waiting != group) {
                return;
            }
            group.line.close(group);
        }
        start(group);
    }

    private void start(Group group) {
        Asker<A> first;
        boolean single;
        synchronized (lock) {
            if (group.seats.isEmpty()) {
                // The last one left in this moment, and that ended it.
                return;
            }
            Seat seat = group.seats.iterator().next();
            first = seat.asker;
            single = group.seats.size() == 1;
            if (single) {
                group.seats.remove(seat);
            }
        }
        if (single) {
            first.alone(() -> ended(group.line, group.call));
            return;
        }
        Runnable abort = first.source().start(group);
        boolean abandoned;
        synchronized (lock) {
            group.abort = abort;
            abandoned = group.seats.isEmpty();
        }
        if (abandoned) {
            abort.run();
        }
    }

    private void leave(Group group, Seat seat) {
        Runnable abort;
        synchronized (lock) {
            if (!group.seats.remove(seat) || !group.seats.isEmpty()) {
                return;
            }
            if (group.line.waiting == group) {
                group.line.waiting = null;
                group.timer.cancel(false);
                return;
            }
            abort = group.abort;
        }
        if (abort != null) {
            abort.run();
        }
        ended(group.line, group.call);
    }

    /** A key for which a call runs. Guarded by the lock. */
    private final class Line {

        private final String key;

        /** The number of the newest call. */
        private long newest = FIRST_CALL;

        private @Nullable Group waiting;

        Line(String key) {
            this.key = key;
        }

        Runnable wait(Asker<A> asker) {
            Group group = waiting;
            if (group == null) {
                group = new Group(this, asker);
                waiting = group;
            }
            return group.add(asker);
        }

        int waiting() {
            return waiting == null ? 0 : waiting.seats.size();
        }

        /** Lets nobody else in: from here on the call for the group may start. */
        void close(Group group) {
            waiting = null;
            newest++;
            group.call = newest;
            group.timer.cancel(false);
        }
    }

    /** A request in a group; equal to nothing but itself. */
    private final class Seat {

        private final Asker<A> asker;

        Seat(Asker<A> asker) {
            this.asker = asker;
        }
    }

    /** Requests that get one answer. Its fields are guarded by the lock. */
    private final class Group implements AnswerSource.Outcome<A> {

        private final Line line;
        private final Set<Seat> seats = new LinkedHashSet<>();
        private final Future<?> timer;
        private long call = NO_CALL;
        private @Nullable Runnable abort;

        Group(Line line, Asker<A> first) {
            this.line = line;
            this.timer =
                    first.timers()
                            .schedule(
                                    () -> outOfPatience(this), patienceNanos, TimeUnit.NANOSECONDS);
        }

        Runnable add(Asker<A> asker) {
            Seat seat = new Seat(asker);
            seats.add(seat);
            return () -> leave(this, seat);
        }

        @Override
        public void answered(A answer) {
            List<Asker<A>> askers = disband();
            for (Asker<A> asker : askers) {
                answer.retain();
                asker.accept(answer);
            }
            answer.release();
            ended(line, call);
        }

        @Override
        public void tooLarge() {
            List<Asker<A>> askers = disband();
            apart.put(line.key, true);
            ended(line, call);
            askers.forEach(asker -> asker.alone(() -> {}));
        }

        @Override
        public void failed(RuntimeException cause) {
            List<Asker<A>> askers = disband();
            ended(line, call);
            askers.forEach(asker -> asker.fail(cause));
        }

        private List<Asker<A>> disband() {
            synchronized (lock) {
                List<Asker<A>> askers = new ArrayList<>(seats.size());
                seats.forEach(seat -> askers.add(seat.asker));
                seats.clear();
                return askers;
            }
        }
    }
}
