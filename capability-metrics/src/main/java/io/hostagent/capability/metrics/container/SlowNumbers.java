// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers of containers that take too long for a scrape. A scrape takes those of the last round,
 * and begins another round when they are old; it runs on a thread of its own that ends with it. The
 * longer a round takes, the longer the next one waits: it is at work 2 % of the time at most.
 *
 * @param <T> what is kept of a container
 */
final class SlowNumbers<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SlowNumbers.class);

    /** How many times as long as a round took nothing is done after it. */
    private static final int REST = 50;

    /** What is to be read of a container, and how it becomes numbers. */
    interface Source<T> {

        /**
         * Reads it.
         *
         * @param stop whether there is no time left; then any answer is thrown away
         */
        T read(Target target, BooleanSupplier stop) throws IOException;

        /** Adds what was read. */
        void add(T read, Numbers numbers);
    }

    /**
     * A container, as it was when a round began.
     *
     * @param files where the host's are
     * @param processes the list of its processes
     * @param tasks the folder of the controller that counts its tasks
     * @param process its first one, if that can be seen
     * @param ownNetwork whether its network is told as its own
     * @param mounts of devices on the host
     */
    record Target(
            ContainerDetails details,
            HostFiles files,
            Path processes,
            Path tasks,
            Optional<Path> process,
            boolean ownNetwork,
            List<MountedDevices.Mounted> mounts) {

        ContainerId id() {
            return details.container().id();
        }
    }

    private final String name;
    private final SlowLane lane;
    private final Source<T> source;
    private final Map<ContainerId, T> known = new ConcurrentHashMap<>();
    private final Set<ContainerId> unreached = new HashSet<>();
    private boolean running;
    private long notBefore;
    private boolean ever;
    private volatile boolean closed;

    /**
     * Reads nothing yet.
     *
     * @param name of its thread
     */
    SlowNumbers(String name, SlowLane lane, Source<T> source) {
        this.name = name;
        this.lane = lane;
        this.source = source;
    }

    /** Adds what is known of a container. */
    void add(ContainerId id, Numbers numbers) {
        T read = known.get(id);
        if (read != null) {
            source.add(read, numbers);
        }
    }

    /** Begins a round if it is time for one; those that the last one did not reach come first. */
    synchronized void refresh(Collection<Target> targets, long now) {
        Set<ContainerId> there = new HashSet<>();
        targets.forEach(target -> there.add(target.id()));
        known.keySet().retainAll(there);
        if (running || closed || (ever && now - notBefore < 0)) {
            return;
        }
        running = true;
        ever = true;
        List<Target> round = new ArrayList<>(targets);
        round.sort(Comparator.comparing(target -> !unreached.contains(target.id())));
        unreached.clear();
        Thread.ofPlatform().daemon().name("agent-metrics-" + name).start(() -> round(round));
    }

    private void round(List<Target> targets) {
        long begin = System.nanoTime();
        long end = begin + lane.budget().toNanos();
        BooleanSupplier stop = () -> closed || System.nanoTime() - end > 0;
        List<ContainerId> left = new ArrayList<>();
        try {
            for (Target target : targets) {
                if (stop.getAsBoolean()) {
                    left.add(target.id());
                    continue;
                }
                try {
                    T read = source.read(target, stop);
                    if (!stop.getAsBoolean()) {
                        known.put(target.id(), read);
                    }
                } catch (IOException e) {
                    // It has ended, or there is nothing of it that could be read.
                    known.remove(target.id());
                    log.debug("The {} of {} could not be read", name, target.id(), e);
                }
            }
        } finally {
            ended(left, System.nanoTime() - begin);
        }
    }

    private synchronized void ended(List<ContainerId> left, long took) {
        running = false;
        unreached.addAll(left);
        notBefore = System.nanoTime() + Math.max(lane.interval().toNanos(), REST * took);
        if (!left.isEmpty() && !closed) {
            log.info(
                    "The {} of {} containers were not reached within {}",
                    name,
                    left.size(),
                    Duration.ofNanos(took));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
