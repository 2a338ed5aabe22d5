// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.relay.BodySource;
import java.util.List;

/** The body of an answer to a scrape. */
public final class Exposition {

    /** What is written at once, in bytes, and all that is in memory of a body. */
    static final int PIECE = 64 * 1024;

    private Exposition() {}

    /**
     * The text of samples, which no one may add to any more.
     *
     * @param sets one for each thread that has found some; none has a series that another one has
     * @param gzip whether it is compressed
     */
    public static BodySource of(List<SampleSet> sets, TextFormat format, boolean gzip) {
        SampleText text = new SampleText(sets, format);
        return gzip ? new GzipBody(text) : new PlainBody(text);
    }
}
