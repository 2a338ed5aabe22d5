// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One scrape's way through all containers, which several threads go together. */
final class Reading {

    private static final Logger log = LoggerFactory.getLogger(Reading.class);

    /** A container that could not be read is not looked for at each scrape. */
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private final List<ContainerHandle> handles;
    private final Surroundings surroundings;
    private final List<SlowNumbers<?>> slow;
    private final long deadline;
    private final long now = System.nanoTime();
    private final double clock = (double) Instant.now().getEpochSecond();
    private final AtomicInteger next = new AtomicInteger();

    Reading(
            List<ContainerHandle> handles,
            Surroundings surroundings,
            List<SlowNumbers<?>> slow,
            long deadline) {
        this.handles = handles;
        this.surroundings = surroundings;
        this.slow = slow;
        this.deadline = deadline;
    }

    /** Reads one container after the other that no other thread reads, until there is none. */
    ScrapeResult work(Worker worker) {
        SampleSet samples = worker.begin(now);
        boolean complete = true;
        for (int at = next.getAndIncrement(); at < handles.size(); at = next.getAndIncrement()) {
            if (System.nanoTime() - deadline > 0) {
                return new ScrapeResult(samples, false);
            }
            ContainerHandle handle = handles.get(at);
            if (!handle.tryHold()) {
                complete = false;
                continue;
            }
            try {
                complete &= read(handle, worker, samples);
            } finally {
                handle.letGo();
            }
        }
        worker.end(samples);
        return new ScrapeResult(samples, complete);
    }

    private boolean read(ContainerHandle handle, Worker worker, SampleSet samples) {
        if (handle.pauses(now)) {
            return !handle.isLost();
        }
        Numbers numbers = worker.numbers();
        try {
            handle.read(worker, surroundings, now);
        } catch (IOException e) {
            // It has ended, as a rule, and the engine has not told yet.
            log.debug("Container {} was left out", handle.details().container().name(), e);
            handle.close(surroundings.descriptors());
            handle.pause(now + PAUSE);
            return !handle.isLost();
        }
        Lifetimes.add(handle.details(), clock, numbers);
        Lifetimes.addUntold(numbers);
        for (SlowNumbers<?> numbersOf : slow) {
            numbersOf.add(handle.details().container().id(), numbers);
        }
        numbers.write(handle.labels(), samples);
        return numbers.malformedFiles() == 0;
    }
}
