// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the engine tells of a container that has been started, beyond what its list tells ({@code
 * GET /containers/ID/json}).
 *
 * @param pid of its first process, as the host counts; 0 when it does not run
 * @param started when it was last started
 * @param health the state of its health check in the engine's words; {@code none} without a check
 * @param restarts how often the engine has restarted it
 * @param cgroupParent as the user gave it; empty when the engine chose
 * @param networkMode such as {@code bridge}, {@code host} or {@code container:ID}
 * @param networks in which it has an address
 * @param ports that it exposes, published or not
 * @param layer folder on the host into which it writes; empty when the engine's storage driver has
 *     none
 * @param log file on the host with its output; empty when its log driver has none
 * @param environment its variables
 */
public record ContainerDetails(
        Container container,
        int pid,
        Instant started,
        String health,
        int restarts,
        String cgroupParent,
        String networkMode,
        List<Network> networks,
        List<Port> ports,
        Optional<String> layer,
        Optional<String> log,
        Map<String, String> environment) {

    public ContainerDetails {
        networks = List.copyOf(networks);
        ports = List.copyOf(ports);
        environment = Map.copyOf(environment);
    }

    /**
     * A network with the container in it.
     *
     * @param address IPv4 or IPv6; empty when it has none there
     */
    public record Network(String id, String name, String address) {}

    /**
     * A port of the container.
     *
     * @param protocol {@code tcp}, {@code udp} or {@code sctp}
     * @param published where on the host it is published; empty when nowhere
     * @param publishedAddress of the host; empty when nowhere
     */
    public record Port(
            int number, String protocol, OptionalInt published, String publishedAddress) {}
}
