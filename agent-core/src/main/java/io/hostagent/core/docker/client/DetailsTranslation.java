// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.client;

import com.github.dockerjava.api.command.GraphData;
import com.github.dockerjava.api.command.GraphDriver;
import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.NetworkSettings;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Ports.Binding;
import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerDetails.Network;
import io.hostagent.core.docker.ContainerDetails.Port;
import io.hostagent.core.docker.ContainerId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the engine tells of one container into the agent's own record. */
final class DetailsTranslation {

    private DetailsTranslation() {}

    static ContainerDetails details(InspectContainerResponse answer) {
        ContainerState state = answer.getState();
        HostConfig host = answer.getHostConfig();
        ContainerConfig config = answer.getConfig();
        Long pid = state == null ? null : state.getPidLong();
        Integer restarts = answer.getRestartCount();
        return new ContainerDetails(
                container(answer, state, config),
                pid == null ? 0 : Math.toIntExact(pid),
                state == null ? Instant.EPOCH : instant(state.getStartedAt()),
                health(state),
                restarts == null ? 0 : restarts,
                host == null ? "" : text(host.getCgroupParent()),
                host == null ? "" : text(host.getNetworkMode()),
                networks(answer.getNetworkSettings()),
                ports(config, answer.getNetworkSettings()),
                layer(answer.getGraphDriver()),
                Optional.of(text(answer.getLogPath())).filter(path -> !path.isEmpty()),
                environment(config));
    }

    private static Container container(
            InspectContainerResponse answer,
            @Nullable ContainerState state,
            @Nullable ContainerConfig config) {
        String name = text(answer.getName());
        Map<String, String> labels = config == null ? null : config.getLabels();
        return new Container(
                new ContainerId(answer.getId()),
                name.startsWith("/") ? name.substring(1) : name,
                config == null ? "" : text(config.getImage()),
                state == null ? "" : text(state.getStatus()),
                instant(answer.getCreated()),
                labels == null ? Map.of() : labels);
    }

    private static String health(@Nullable ContainerState state) {
        HealthState health = state == null ? null : state.getHealth();
        String status = health == null ? "" : text(health.getStatus());
        return status.isEmpty() ? "none" : status;
    }

    private static List<Network> networks(@Nullable NetworkSettings settings) {
        Map<String, ContainerNetwork> networks = settings == null ? null : settings.getNetworks();
        if (networks == null) {
            return List.of();
        }
        List<Network> list = new ArrayList<>();
        networks.forEach(
                (name, network) -> {
                    String address = text(network.getIpAddress());
                    list.add(
                            new Network(
                                    text(network.getNetworkID()),
                                    name,
                                    address.isEmpty()
                                            ? text(network.getGlobalIPv6Address())
                                            : address));
                });
        return list;
    }

    /** A port that is published twice, as for IPv4 and for IPv6, is there twice. */
    private static List<Port> ports(
            @Nullable ContainerConfig config, @Nullable NetworkSettings settings) {
        List<Port> list = new ArrayList<>();
        Ports ports = settings == null ? null : settings.getPorts();
        Map<ExposedPort, Binding[]> bindings = ports == null ? Map.of() : ports.getBindings();
        bindings.forEach(
                (exposed, published) -> {
                    if (published == null || published.length == 0) {
                        list.add(unpublished(exposed));
                        return;
                    }
                    for (Binding binding : published) {
                        list.add(
                                new Port(
                                        exposed.getPort(),
                                        exposed.getProtocol().toString(),
                                        number(binding.getHostPortSpec()),
                                        text(binding.getHostIp())));
                    }
                });
        ExposedPort[] exposed = config == null ? null : config.getExposedPorts();
        if (exposed != null) {
            for (ExposedPort port : exposed) {
                if (!bindings.containsKey(port)) {
                    list.add(unpublished(port));
                }
            }
        }
        return list;
    }

    private static Port unpublished(ExposedPort port) {
        return new Port(port.getPort(), port.getProtocol().toString(), OptionalInt.empty(), "");
    }

    private static OptionalInt number(@Nullable String port) {
        return port != null && port.matches("[0-9]{1,5}")
                ? OptionalInt.of(Integer.parseInt(port))
                : OptionalInt.empty();
    }

    /**
     * Drivers that lay one folder over others call it {@code UpperDir}; vfs and btrfs have none.
     */
    private static Optional<String> layer(@Nullable GraphDriver driver) {
        GraphData data = driver == null ? null : driver.getData();
        return data != null && data.getRawValues().get("UpperDir") instanceof String folder
                ? Optional.of(folder)
                : Optional.empty();
    }

    private static Map<String, String> environment(@Nullable ContainerConfig config) {
        String[] variables = config == null ? null : config.getEnv();
        if (variables == null) {
            return Map.of();
        }
        Map<String, String> map = new HashMap<>();
        for (String variable : variables) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                map.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return map;
    }

    private static Instant instant(@Nullable String text) {
        try {
            return text == null ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
