// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import io.hostagent.capability.metrics.sample.SampleSet;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * The readings of several sources for one client. It ends when all are there, or when the time is
 * up, with those that are. Confined to the event loop of the client.
 */
final class Gathering {

    /** About as many as there are without those of the host. */
    private static final int FAMILIES = 200;

    private final List<SourceReader> readers;
    private final EventLoop loop;
    private final MonoSink<List<SampleSet>> sink;
    private final @Nullable Reading[] readings;
    private @Nullable ScheduledFuture<?> timer;
    private int missing;
    private boolean over;

    Gathering(List<SourceReader> readers, EventLoop loop, MonoSink<List<SampleSet>> sink) {
        this.readers = readers;
        this.loop = loop;
        this.sink = sink;
        this.readings = new Reading[readers.size()];
        this.missing = readers.size();
    }

    /** Asks all of them; others may be waiting for the same. */
    void start(ScrapeRequest request, long deadline) {
        long time = deadline - System.nanoTime() + SourceReader.GRACE.toNanos();
        timer = loop.schedule(this::finish, time, TimeUnit.NANOSECONDS);
        for (int i = 0; i < readings.length; i++) {
            int index = i;
            readers.get(i)
                    .read(request, deadline)
                    .whenComplete((reading, failed) -> loop.execute(() -> ended(index, reading)));
        }
        if (readings.length == 0) {
            finish();
        }
    }

    private void ended(int index, @Nullable Reading reading) {
        readings[index] = reading;
        missing--;
        if (missing == 0) {
            finish();
        }
    }

    private void finish() {
        if (!over) {
            cancel();
            sink.success(sets());
        }
    }

    /** Nobody waits any more. What is being read may be somebody else's, too, and goes on. */
    void cancel() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private List<SampleSet> sets() {
        List<SampleSet> sets = new ArrayList<>();
        ScrapeSamples own = new ScrapeSamples();
        for (int i = 0; i < readings.length; i++) {
            Reading reading = readings[i];
            own.add(readers.get(i).source().name(), reading);
            if (reading != null && !readers.get(i).source().passesOn()) {
                sets.addAll(reading.sets());
            }
        }
        sets.add(own.set());
        Set<String> told = HashSet.newHashSet(FAMILIES);
        sets.forEach(set -> told.addAll(set.told()));
        for (int i = 0; i < readings.length; i++) {
            Reading reading = readings[i];
            if (reading != null && readers.get(i).source().passesOn()) {
                reading.sets().forEach(set -> sets.add(set.without(told)));
            }
        }
        return sets;
    }
}
