// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/**
 * One part of the host's numbers, as node_exporter divides them. It is read at each scrape by one
 * thread, alone may fail, and keeps nothing open. How long it took, and whether it failed, are
 * samples of their own.
 */
interface NodeCollector {

    /** What it is called in {@code collect[]} and in {@code node_scrape_collector_success}. */
    String name();

    /**
     * Reads.
     *
     * @throws NoDataException when this host has none of it, such as no RAID
     * @throws IOException when a file cannot be read or says nothing that makes sense
     */
    void collect(NodeScrape scrape, SampleSet samples) throws IOException;
}
