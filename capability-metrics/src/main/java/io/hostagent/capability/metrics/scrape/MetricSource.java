// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import io.hostagent.capability.metrics.sample.SampleSet;
import java.util.List;
import java.util.Set;

/** A part of the metrics that has a path of its own. */
public interface MetricSource {

    /** The last name of its path, such as {@code node} in {@code /metrics/node}. */
    String name();

    /**
     * The collectors that {@code collect[]} and {@code exclude[]} can name, whether they are on or
     * not; none when it knows no such parameters.
     */
    List<String> collectors();

    /** Those of {@link #collectors()} that do not run, whoever asks for them. */
    default Set<String> off() {
        return Set.of();
    }

    /**
     * Whether it passes on what others have written, under any name. What another source has under
     * the same name counts then: a series that is told twice spoils the whole answer.
     */
    default boolean passesOn() {
        return false;
    }

    /**
     * Reads all that is wanted. It blocks, runs on a platform thread that is never interrupted, and
     * is not called again before it returns. What cannot be read is missing and counted in a sample
     * of its own; nothing is thrown for it.
     *
     * @param deadline by {@link System#nanoTime()}; what is not there then is left out
     * @return one set for each thread that the source has put to work
     */
    List<SampleSet> scrape(ScrapeRequest request, long deadline);
}
