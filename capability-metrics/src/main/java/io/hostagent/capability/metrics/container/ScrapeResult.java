// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.SampleSet;

/**
 * What one thread found.
 *
 * @param complete whether nothing was left out that should be there
 */
record ScrapeResult(SampleSet samples, boolean complete) {

    /** What a thread found that did not come back in time. */
    static final ScrapeResult LATE = new ScrapeResult(new SampleSet(), false);
}
