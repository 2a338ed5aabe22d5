// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.hostagent.core.docker.ContainerId;
import java.util.Comparator;
import java.util.List;

/**
 * What is scraped in a container of this host.
 *
 * @param name of the container, for people
 * @param addresses of the container, at least one, the best first
 * @param port that it serves its metrics at
 * @param tls whether it does so over TLS
 */
record Exporter(ContainerId container, String name, List<String> addresses, int port, boolean tls) {

    Exporter {
        addresses = List.copyOf(addresses);
    }

    /** The same, to be tried at another address first. */
    Exporter preferring(String address) {
        List<String> sorted =
                addresses.stream()
                        .sorted(Comparator.comparing(each -> !each.equals(address)))
                        .toList();
        return new Exporter(container, name, sorted, port, tls);
    }
}
