// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/**
 * One part of the host's numbers, as node_exporter divides them. It is read at each scrape by one
 * thread, and alone may fail. How long it took, and whether it failed, are samples of their own.
 */
interface NodeCollector extends AutoCloseable {

    /** What it is called in {@code collect[]} and in {@code node_scrape_collector_success}. */
    String name();

    /**
     * Reads.
     *
     * @throws NoDataException when this host has none of it, such as no RAID
     * @throws IOException when a file cannot be read or says nothing that makes sense
     */
    void collect(NodeScrape scrape, SampleSet samples) throws IOException;

    /** Closes what it keeps open from one scrape to the next, which hardly any does. */
    @Override
    default void close() {}
}
