// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import io.hostagent.capability.metrics.sample.SampleSet;
import java.util.List;

/**
 * What a source gave. It is not changed any more, and may be given to several clients.
 *
 * @param began when it was begun to be read, by {@link System#nanoTime()}
 * @param took how long that took, in nanoseconds
 * @param deadline until when it had time, by {@link System#nanoTime()}
 */
record Reading(List<SampleSet> sets, long began, long took, long deadline) {

    Reading {
        sets = List.copyOf(sets);
    }

    /** Whether the time was used up, so that something may be left out. */
    boolean wasCutShort() {
        return began + took - deadline >= 0;
    }
}
