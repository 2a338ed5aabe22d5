// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerDetails.Network;
import io.hostagent.core.docker.ContainerDetails.Port;
import io.hostagent.core.docker.ContainerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Builds the details of a container that runs, as the engine would tell them. */
public final class Containers {

    private final String name;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final List<Network> networks = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private String mode = "bridge";

    private Containers(String name) {
        this.name = name;
    }

    /** A container whose ID is made of its name. */
    public static Containers named(String name) {
        return new Containers(name);
    }

    /** The ID of the container of this name. */
    public static String id(String name) {
        return "%064x".formatted(Integer.toUnsignedLong(name.hashCode()));
    }

    public Containers label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    /** It asks to be scraped. */
    public Containers scraped() {
        return label("prometheus.io/scrape", "true");
    }

    public Containers mode(String networkMode) {
        mode = networkMode;
        return this;
    }

    public Containers in(String network, String address) {
        networks.add(new Network(networkId(network), network, address));
        return this;
    }

    /** The ID of the network of this name. */
    public static String networkId(String network) {
        return "id-of-" + network;
    }

    public Containers exposes(int port, String protocol) {
        ports.add(new Port(port, protocol, OptionalInt.empty(), ""));
        return this;
    }

    public Containers publishes(int port, String address, int published) {
        ports.add(new Port(port, "tcp", OptionalInt.of(published), address));
        return this;
    }

    public ContainerDetails details() {
        Container container =
                new Container(
                        new ContainerId(id(name)),
                        name,
                        "image/of:1",
                        "running",
                        Instant.EPOCH,
                        labels);
        return new ContainerDetails(
                container,
                1,
                Instant.EPOCH,
                "none",
                0,
                "",
                mode,
                networks,
                ports,
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }
}
