// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.NodeExporter;
import io.hostagent.app.fixture.PrometheusServer;
import io.hostagent.app.fixture.PrometheusServer.Point;
import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.lab.Lab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A real Prometheus scrapes the real node_exporter and the agent: whatever a dashboard shows of the
 * one, it shows of the other.
 */
class DashboardParityIT {

    private static final Duration UNTIL_SCRAPED = Duration.ofSeconds(90);

    /** How long an expression may take to be near the reference's once. */
    private static final Duration UNTIL_NEAR = Duration.ofSeconds(60);

    private static final String RANGE = "20s";

    /** Windows as long as {@link #RANGE} end at different scrapes; what is rare differs by one. */
    private static final double SHARE = 0.2;

    private static final double SHARE_OF_LARGEST = 0.02;

    /** Seconds since 1970: of such a number a share would be years. */
    private static final double SINCE_1970 = 1e9;

    /** Two scrapes, in seconds. */
    private static final double MOMENT = 4;

    /**
     * A file with more expressions, for whoever has a dashboard that this project must not copy.
     */
    private static final @Nullable String MORE = System.getProperty("expressions");

    @SuppressWarnings("NullAway.Init") // set before all
    private static NodeExporter reference;

    @SuppressWarnings("NullAway.Init") // set before all
    private static AgentMetrics agent;

    @SuppressWarnings("NullAway.Init") // set before all
    private static PrometheusServer prometheus;

    @BeforeAll
    static void start() {
        Lab lab = Lab.open();
        reference = NodeExporter.start(lab, "--collector.processes", "--collector.tcpstat");
        agent =
                AgentMetrics.of(
                        RunningAgent.start(
                                Map.of(
                                        "CAP_METRICS",
                                        "1",
                                        "METRICS_NODE_ENABLE",
                                        "processes,tcpstat")));
        prometheus = PrometheusServer.start(lab, configuration());
        Awaitility.await()
                .atMost(UNTIL_SCRAPED)
                .until(
                        () ->
                                prometheus.query("count_over_time(up[" + RANGE + "]) >= 9").size()
                                        == 2);
    }

    private static String configuration() {
        return """
            global:
              scrape_interval: 2s
              scrape_timeout: 2s
            scrape_configs:
              - job_name: ref
                static_configs: [{targets: ['%s']}]
              - job_name: new
                scheme: https
                tls_config: {insecure_skip_verify: true}
                authorization: {credentials: '%s'}
                metrics_path: /metrics/node
                static_configs: [{targets: ['127.0.0.1:%d']}]
            """
                .formatted(reference.target(), agent.token(), agent.agent().port());
    }

    @AfterAll
    static void stop() {
        prometheus.close();
        agent.agent().close();
        reference.close();
    }

    @Test
    void isScrapedWithoutAComplaint() {
        assertThat(prometheus.targets())
                .extracting(PrometheusServer.Target::health)
                .containsOnly("up");
        assertThat(prometheus.value("scrape_samples_scraped{job=\"new\"}")).isGreaterThan(300);
        assertThat(
                        prometheus.value(
                                "scrape_samples_scraped{job=\"new\"}"
                                        + " - scrape_samples_post_metric_relabeling"))
                .isZero();
        String own = prometheus.text("/metrics");
        for (String complaint :
                List.of(
                        "sample_duplicate_timestamp",
                        "sample_out_of_order",
                        "sample_out_of_bounds")) {
            assertThat(own).contains("prometheus_target_scrapes_" + complaint + "_total 0\n");
        }
    }

    @Test
    void showsOfEveryPanelWhatTheReferenceShows() throws IOException {
        List<String> all = expressions();
        Map<String, String> wrong = new TreeMap<>();
        all.forEach(expression -> wrong.put(expression, "not asked yet"));
        long empty = all.stream().filter(e -> ask(e, "ref").isEmpty()).count();
        assertThat(all.size() - empty).as("expressions with an answer").isGreaterThan(150);
        long end = System.nanoTime() + UNTIL_NEAR.toNanos();
        // What is right once is not asked again; what is wrong stays wrong.
        do {
            for (String expression : List.copyOf(wrong.keySet())) {
                String difference = difference(expression);
                if (difference == null) {
                    wrong.remove(expression);
                } else {
                    wrong.put(expression, difference);
                }
            }
        } while (!wrong.isEmpty() && System.nanoTime() < end);
        assertThat(wrong).isEmpty();
    }

    /** The choices that a dashboard offers at its top, which are the values of some labels. */
    @Test
    void offersTheSameChoices() {
        for (String choice :
                List.of(
                        "count by (nodename) (node_uname_info{job=\"JOB\"})",
                        "count by (device) (node_network_receive_bytes_total{job=\"JOB\"})",
                        "count by (mountpoint, fstype) (node_filesystem_size_bytes{job=\"JOB\"})",
                        "count by (device) (node_disk_read_bytes_total{job=\"JOB\"})")) {
            assertThat(byLabels(ask(choice, "new")))
                    .as(choice)
                    .isEqualTo(byLabels(ask(choice, "ref")));
        }
    }

    private static @Nullable String difference(String expression) {
        Map<NavigableMap<String, String>, Double> expected = byLabels(ask(expression, "ref"));
        Map<NavigableMap<String, String>, Double> found = byLabels(ask(expression, "new"));
        // Of what the agent knows and the reference does not, a dashboard of the latter shows
        // nothing.
        if (expected.isEmpty()) {
            return null;
        }
        if (!found.keySet().equals(expected.keySet())) {
            List<Object> missing = new ArrayList<>(expected.keySet());
            missing.removeAll(found.keySet());
            List<Object> extra = new ArrayList<>(found.keySet());
            extra.removeAll(expected.keySet());
            return "missing " + missing + ", extra " + extra;
        }
        double largest =
                expected.values().stream()
                        .mapToDouble(Math::abs)
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
        for (NavigableMap<String, String> labels : expected.keySet()) {
            double one = Objects.requireNonNull(expected.get(labels));
            double other = Objects.requireNonNull(found.get(labels));
            boolean clock = expression.contains("_time_seconds") && Math.abs(one) > SINCE_1970;
            double near = clock ? MOMENT : SHARE * Math.abs(one) + SHARE_OF_LARGEST * largest;
            if (Double.compare(one, other) != 0 && !(Math.abs(one - other) <= near)) {
                return labels + ": " + other + " instead of " + one;
            }
        }
        return null;
    }

    private static List<Point> ask(String expression, String job) {
        return prometheus.query(expression.replace("JOB", job).replace("RANGE", RANGE));
    }

    private static Map<NavigableMap<String, String>, Double> byLabels(List<Point> points) {
        Map<NavigableMap<String, String>, Double> values = new HashMap<>();
        for (Point point : points) {
            Point bare = point.without("job", "instance");
            values.put(new TreeMap<>(bare.labels()), bare.value());
        }
        return values;
    }

    private static List<String> expressions() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        DashboardParityIT.class.getResourceAsStream("node.expressions"))) {
            String all = new String(in.readAllBytes(), UTF_8);
            if (MORE != null) {
                all += "\n" + Files.readString(Path.of(MORE));
            }
            return all.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .distinct()
                    .toList();
        }
    }
}
