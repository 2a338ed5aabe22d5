// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a container wants to be scraped, by its labels: {@code prometheus.io/scrape} and its like, as
 * Kubernetes has them, or {@code prometheus.scrape} and its like; of both the first counts.
 *
 * @param port to scrape; empty for every TCP port that the container exposes
 * @param path that it named, beginning with a slash
 * @param scheme that it named: {@code http} or {@code https}
 * @param interval that it named
 * @param ignored what cannot be what its label says, each as a sentence for a person
 */
public record OptIn(
        OptionalInt port,
        Optional<String> path,
        Optional<String> scheme,
        Optional<ScrapeInterval> interval,
        List<String> ignored) {

    static final OptIn NOTHING_SAID =
            new OptIn(
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());

    private static final String DEFAULT_PATH = "/metrics";
    private static final Set<String> YES = Set.of("true", "1", "yes", "on");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    /** Nothing in it that two servers could read differently, such as {@code %} and {@code ;}. */
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,=:@-]*)+");

    private static final Pattern DOTS = Pattern.compile(".*/\\.\\.?(/.*)?");

    public OptIn {
        ignored = List.copyOf(ignored);
    }

    /** What labels ask for; empty when they do not ask to be scraped. */
    public static Optional<OptIn> of(Map<String, String> labels) {
        if (!YES.contains(value(labels, "scrape").toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        List<String> ignored = new ArrayList<>();
        return Optional.of(
                new OptIn(
                        port(value(labels, "port"), ignored),
                        path(value(labels, "path"), ignored),
                        scheme(value(labels, "scheme"), ignored),
                        interval(value(labels, "interval"), ignored),
                        ignored));
    }

    private static String value(Map<String, String> labels, String name) {
        String value = labels.get("prometheus.io/" + name);
        return (value == null ? labels.getOrDefault("prometheus." + name, "") : value).strip();
    }

    /** Where the metrics are, also when it does not say so. */
    public String pathOrDefault() {
        return path.orElse(DEFAULT_PATH);
    }

    /** Whether it is to be scraped over TLS. */
    public boolean tls() {
        return scheme.filter("https"::equals).isPresent();
    }

    private static OptionalInt port(String text, List<String> ignored) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 0xffff) {
            ignored.add("port '" + text + "' is no number from 1 to 65535");
            return OptionalInt.empty();
        }
        return OptionalInt.of(port);
    }

    private static Optional<String> path(String text, List<String> ignored) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String path = text.startsWith("/") ? text : "/" + text;
        if (!PATH.matcher(path).matches() || DOTS.matcher(path).matches() || path.contains("//")) {
            ignored.add("path '" + text + "' is no plain path such as /metrics, without a query");
            return Optional.empty();
        }
        return Optional.of(path);
    }

    private static Optional<String> scheme(String text, List<String> ignored) {
        String scheme = text.toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "" -> Optional.empty();
            case "http", "https" -> Optional.of(scheme);
            default -> {
                ignored.add("scheme '" + text + "' is neither http nor https");
                yield Optional.empty();
            }
        };
    }

    private static Optional<ScrapeInterval> interval(String text, List<String> ignored) {
        Optional<ScrapeInterval> interval = ScrapeInterval.of(text);
        if (interval.isEmpty() && !text.isEmpty()) {
            ignored.add("interval '" + text + "' is no duration such as 30s or 1m30s");
        }
        return interval;
    }
}
