// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A collector, and what became of it at the last scrape. A failure is logged when it begins, when
 * it becomes another one and when it is over: a scrape comes every few seconds.
 */
final class CollectorRun implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CollectorRun.class);

    private final NodeCollector collector;
    private final Labels labels;
    private @Nullable String failure;

    CollectorRun(NodeCollector collector) {
        this.collector = collector;
        labels = Labels.of("collector", collector.name());
    }

    String name() {
        return collector.name();
    }

    /** What its own samples are labelled with. */
    Labels labels() {
        return labels;
    }

    /** Reads; whether it found what it looks for. */
    boolean collect(NodeScrape scrape, SampleSet samples) {
        try {
            collector.collect(scrape, samples);
            settled();
            return true;
        } catch (NoDataException e) {
            log.debug("Collector {} finds nothing: {}", name(), e.getMessage());
            settled();
        } catch (IOException | RuntimeException e) {
            // A mistake in one collector must not cost the numbers of the others.
            failed(e);
        }
        return false;
    }

    private void settled() {
        if (failure != null) {
            log.info("Collector {} works again", name());
            failure = null;
        }
    }

    private void failed(Exception exception) {
        String what = exception.toString();
        if (!what.equals(failure)) {
            failure = what;
            log.warn(
                    "Collector {} fails; its numbers are missing from /metrics", name(), exception);
        }
    }

    @Override
    public void close() {
        collector.close();
    }
}
