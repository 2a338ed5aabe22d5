// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import java.util.Map;

/**
 * A network of this host's engine, as {@code GET /networks} lists it.
 *
 * @param driver such as {@code bridge}, {@code overlay} or {@code macvlan}
 * @param scope {@code local} or {@code swarm}
 * @param internal whether nothing outside can be reached from it
 * @param ingress whether it is the one of a Swarm's published ports
 */
public record EngineNetwork(
        String id,
        String name,
        String driver,
        String scope,
        boolean internal,
        boolean ingress,
        Map<String, String> labels) {

    public EngineNetwork {
        labels = Map.copyOf(labels);
    }

    /** Whether it lies on this host alone, which has an address of its own in it. */
    public boolean isBridge() {
        return driver.equals("bridge");
    }
}
