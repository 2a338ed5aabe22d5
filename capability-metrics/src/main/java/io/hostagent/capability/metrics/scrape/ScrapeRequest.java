// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import java.util.Set;

/**
 * What somebody wants to know.
 *
 * @param collect the only collectors that are to run; empty: all that are on
 * @param exclude collectors that are not to run; empty when {@code collect} is not
 */
public record ScrapeRequest(Set<String> collect, Set<String> exclude) {

    /** All that is on. */
    public static final ScrapeRequest ALL = new ScrapeRequest(Set.of(), Set.of());

    public ScrapeRequest {
        collect = Set.copyOf(collect);
        exclude = Set.copyOf(exclude);
    }

    /** Whether a collector is to run that is on. */
    public boolean wants(String collector) {
        return collect.isEmpty() ? !exclude.contains(collector) : collect.contains(collector);
    }
}
