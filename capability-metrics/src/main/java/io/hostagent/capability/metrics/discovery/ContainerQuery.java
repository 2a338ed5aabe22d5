// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.web.RequestPath;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which containers are asked for, and how Prometheus will reach them.
 *
 * @param direct by their own addresses; else an agent passes the scrape on
 * @param all also containers that do not ask to be scraped
 * @param via the agent's {@code HOST:PORT} to be given as the target, instead of the one by which
 *     other agents reach the agent of the container's host
 * @param container the full ID of the only one of interest
 */
record ContainerQuery(
        boolean direct, boolean all, Optional<String> via, Optional<String> container) {

    static final String PATH = "/sd/containers";

    private static final Set<String> NAMES = Set.of("mode", "all", "via", "container");
    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):[0-9]{1,5}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    /**
     * Reads a query.
     *
     * @throws CallerException 400 for anything that it cannot be
     */
    static ContainerQuery of(RequestPath path) {
        Map<String, List<String>> parameters = parameters(path);
        Set<String> unknown = new TreeSet<>(parameters.keySet());
        unknown.removeAll(NAMES);
        if (!unknown.isEmpty()) {
            throw bad(unknown.iterator().next(), "There is none of this name, but " + known());
        }
        boolean direct =
                switch (value(parameters, "mode").orElse("proxy")) {
                    case "direct" -> true;
                    case "proxy" -> false;
                    default -> throw bad("mode", "It is 'proxy' or 'direct'");
                };
        boolean all =
                switch (value(parameters, "all").orElse("0")) {
                    case "0", "false" -> false;
                    case "1", "true" -> true;
                    default -> throw bad("all", "It is 1 or 0");
                };
        if (all && !direct) {
            throw bad(
                    "all",
                    "It needs mode=direct: agents pass nothing on to containers that do not ask for"
                            + " it with the label prometheus.io/scrape=true");
        }
        return new ContainerQuery(
                direct,
                all,
                value(parameters, "via", ADDRESS, "It is HOST:PORT"),
                value(parameters, "container", ID, "It is a full ID of 64 hexadecimal digits"));
    }

    private static Map<String, List<String>> parameters(RequestPath path) {
        try {
            return new QueryStringDecoder(path.rawTarget()).parameters();
        } catch (IllegalArgumentException e) {
            throw CallerException.badRequest(
                    "Invalid query", "It has a '%' that is not followed by two hexadecimal digits");
        }
    }

    private static Optional<String> value(
            Map<String, List<String>> parameters, String name, Pattern form, String expected) {
        Optional<String> value = value(parameters, name);
        if (value.isPresent() && !form.matcher(value.get()).matches()) {
            throw bad(name, expected);
        }
        return value;
    }

    private static Optional<String> value(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw bad(name, "It is given more than once");
        }
        return values.stream().findFirst();
    }

    private static String known() {
        return String.join(", ", new TreeSet<>(NAMES));
    }

    private static CallerException bad(String name, String expected) {
        return CallerException.badRequest("Invalid query parameter: " + name, expected);
    }

    /** Asks for one container alone. */
    static ContainerQuery proxied(String container) {
        return new ContainerQuery(false, false, Optional.empty(), Optional.of(container));
    }

    /**
     * Path and query by which an agent asks another one for its part of the answer.
     *
     * @param address where the other one is reached; it does not know that itself
     */
    String targetFor(String address) {
        return PATH
                + "?mode="
                + (direct ? "direct" : "proxy")
                + (all ? "&all=1" : "")
                + "&via="
                + via.orElse(address)
                + container.map(id -> "&container=" + id).orElse("");
    }
}
