// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.capability.metrics.text.TextFormat;
import io.hostagent.core.error.CallerException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands behind the question mark of a scrape.
 *
 * @param request the collectors that are to run
 * @param format the one that is asked for in the address, where a browser can ask for it
 */
record ScrapeQuery(ScrapeRequest request, Optional<TextFormat> format) {

    private static final String COLLECT = "collect[]";
    private static final String EXCLUDE = "exclude[]";

    /**
     * Collectors that node_exporter has besides, on by default. Who has asked it for one of them
     * gets what he gets there on a host that has nothing of the kind.
     */
    private static final Set<String> WITHOUT_DATA =
            Set.of(
                    "bcache",
                    "btrfs",
                    "fibrechannel",
                    "infiniband",
                    "nvme",
                    "tapestats",
                    "xfs",
                    "zfs");

    /**
     * Takes a query apart.
     *
     * @param target path and query as they came
     * @param sources that are asked
     * @throws CallerException 400
     */
    static ScrapeQuery of(String target, List<MetricSource> sources) {
        Map<String, List<String>> parameters = parameters(target);
        Set<String> collect = names(parameters, COLLECT);
        Set<String> exclude = names(parameters, EXCLUDE);
        if (!collect.isEmpty() && !exclude.isEmpty()) {
            throw CallerException.badRequest(
                    "collect[] and exclude[] do not go together",
                    "Say either which collectors are to run, or which are not");
        }
        Set<String> known = new TreeSet<>();
        sources.forEach(source -> known.addAll(source.collectors()));
        // What does not run is left out already, whatever it is.
        exclude.retainAll(known);
        Set<String> unknown = new TreeSet<>(collect);
        unknown.removeAll(known);
        if (!known.isEmpty()) {
            unknown.removeAll(WITHOUT_DATA);
        }
        if (!unknown.isEmpty()) {
            throw CallerException.badRequest(
                    "No such collector: " + String.join(", ", unknown),
                    known.isEmpty()
                            ? "There are no collectors to choose from at this path"
                            : "There are " + String.join(", ", known));
        }
        Set<String> off = new TreeSet<>();
        sources.forEach(source -> off.addAll(source.off()));
        off.retainAll(collect);
        if (!off.isEmpty()) {
            throw CallerException.badRequest(
                    "Off: " + String.join(", ", off),
                    "METRICS_NODE_ENABLE and METRICS_NODE_DISABLE say which collectors run");
        }
        return new ScrapeQuery(
                new ScrapeRequest(collect, exclude),
                format(parameters.getOrDefault("format", List.of())));
    }

    private static Map<String, List<String>> parameters(String target) {
        try {
            return new QueryStringDecoder(target).parameters();
        } catch (IllegalArgumentException e) {
            throw CallerException.badRequest(
                    "Invalid query", "It has a '%' that is not followed by two hexadecimal digits");
        }
    }

    private static Set<String> names(Map<String, List<String>> parameters, String name) {
        return new TreeSet<>(parameters.getOrDefault(name, List.of()));
    }

    private static Optional<TextFormat> format(List<String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return switch (values.getFirst()) {
            case "text" -> Optional.of(TextFormat.PROMETHEUS);
            case "openmetrics" -> Optional.of(TextFormat.OPENMETRICS);
            default ->
                    throw CallerException.badRequest(
                            "No such format", "format is 'text' or 'openmetrics'");
        };
    }

    /**
     * Whether anything of a source is asked for: who names collectors gets those, and nothing that
     * has none.
     */
    boolean wants(MetricSource source) {
        Set<String> collect = request.collect();
        return collect.isEmpty() || source.collectors().stream().anyMatch(collect::contains);
    }
}
