// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.Exposition;
import io.hostagent.app.fixture.NodeExporter;
import io.hostagent.app.fixture.Promtool;
import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent and the real node_exporter, side by side on this machine: what both tell has to be the
 * same, but for what {@code node.differences} gives a reason for.
 */
class NodeParityIT {

    /**
     * What changes all the time may happen to be different in one comparison; what is wrong is
     * different in all of them.
     */
    private static final int ATTEMPTS = 12;

    /** Collectors that the dashboards need, as far as node_exporter has them on by default. */
    private static final Set<String> CLAIMED =
            Set.of(
                    "arp",
                    "bonding",
                    "conntrack",
                    "cpu",
                    "cpufreq",
                    "diskstats",
                    "entropy",
                    "filefd",
                    "filesystem",
                    "hwmon",
                    "loadavg",
                    "mdadm",
                    "meminfo",
                    "netclass",
                    "netdev",
                    "netstat",
                    "powersupplyclass",
                    "pressure",
                    "schedstat",
                    "sockstat",
                    "softnet",
                    "stat",
                    "textfile",
                    "thermal_zone",
                    "time",
                    "timex",
                    "udp_queues",
                    "uname",
                    "vmstat");

    /** What somebody else writes into the folder of text files. */
    private static final String TEXT =
            """
            # HELP backup_last_seconds When the last backup ended.
            # TYPE backup_last_seconds gauge
            backup_last_seconds{of="/data",kind="full \\"quoted\\""} 1.7e9
            backup_last_seconds{of="/home",kind=""} 1.7e9
            # TYPE backup_files_total counter
            backup_files_total 42
            backup_untyped 7
            # HELP backup_took_seconds How long backups took.
            # TYPE backup_took_seconds histogram
            backup_took_seconds_bucket{le="60"} 3
            backup_took_seconds_bucket{le="+Inf"} 4
            backup_took_seconds_sum 400.5
            backup_took_seconds_count 4
            # HELP backup_size_bytes How large backups were.
            # TYPE backup_size_bytes summary
            backup_size_bytes{quantile="0.5"} 1000
            backup_size_bytes_sum 4321
            backup_size_bytes_count 4
            """;

    private static final WantedDifferences WANTED = WantedDifferences.of("node.differences");

    @SuppressWarnings("NullAway.Init") // set before all
    private static Lab lab;

    @SuppressWarnings("NullAway.Init") // set before all
    private static NodeExporter reference;

    @SuppressWarnings("NullAway.Init") // set before all
    private static AgentMetrics agent;

    @BeforeAll
    static void start(@TempDir Path texts) throws IOException {
        Files.writeString(texts.resolve("backup.prom"), TEXT);
        lab = Lab.open();
        reference = NodeExporter.start(lab, "--collector.textfile.directory=" + texts);
        agent =
                AgentMetrics.of(
                        RunningAgent.start(
                                Map.of(
                                        "CAP_METRICS",
                                        "1",
                                        "METRICS_NODE_TEXTFILE_DIRECTORY",
                                        texts.toString())));
    }

    @AfterAll
    static void stop() {
        agent.agent().close();
        reference.close();
    }

    @Test
    void hasTheCollectorsThatDashboardsNeed() {
        assertThat(collectors(agent.read("node"))).containsAll(CLAIMED);
    }

    @TestFactory
    Stream<DynamicTest> tellsWhatTheReferenceTells() {
        TreeSet<String> both = new TreeSet<>(collectors(Exposition.parse(reference.scrape())));
        both.retainAll(collectors(agent.read("node")));
        assertThat(both).isNotEmpty();
        return both.stream().map(name -> DynamicTest.dynamicTest(name, () -> assertSameOf(name)));
    }

    private static void assertSameOf(String collector) {
        List<Difference> lasting = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Exposition before = Exposition.parse(reference.scrape(collector));
            Exposition own = agent.read("node", collector);
            Exposition after = Exposition.parse(reference.scrape(collector));
            List<Difference> found = WANTED.without(new Parity(before, own, after).differences());
            List<String> here = found.stream().map(NodeParityIT::what).toList();
            lasting =
                    attempt == 0
                            ? found
                            : lasting.stream().filter(d -> here.contains(what(d))).toList();
            if (lasting.isEmpty()) {
                return;
            }
            AgentMetrics.forget();
        }
        assertThat(lasting).isEmpty();
    }

    /** A difference without the numbers of one moment. */
    private static String what(Difference difference) {
        return difference.kind() + difference.subject();
    }

    @Test
    void isReadByPrometheusAndFoundNoLessTidy() {
        String own = agent.scrape("node");
        String others = reference.scrape();
        Parity both = Parity.of(Exposition.parse(others), Exposition.parse(own));
        assertThat(
                        WANTED.without(
                                Parity.complaints(
                                        Promtool.complaints(lab, others),
                                        Promtool.complaints(lab, own),
                                        both)))
                .isEmpty();
    }

    @Test
    void seesMountsComeAndGoAndTurnReadOnly(@TempDir Path point) throws Exception {
        assertThat(readOnly(point)).isEmpty();

        run("mount", "-t", "tmpfs", "none", point.toString());
        try {
            assertThat(readOnly(point)).containsExactly(0.0);
            run("mount", "-o", "remount,ro", point.toString());
            assertThat(readOnly(point)).containsExactly(1.0);
        } finally {
            run("umount", point.toString());
        }

        assertThat(readOnly(point)).isEmpty();
    }

    private static List<Double> readOnly(Path point) {
        AgentMetrics.forget();
        return agent.read("node", "filesystem").samples("node_filesystem_readonly").stream()
                .filter(sample -> sample.label("mountpoint").equals(point.toString()))
                .map(Exposition.Sample::value)
                .toList();
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static Set<String> collectors(Exposition exposition) {
        return successes(exposition).keySet();
    }

    private static Map<String, Double> successes(Exposition exposition) {
        return exposition.samples("node_scrape_collector_success").stream()
                .collect(
                        Collectors.toMap(
                                sample -> sample.label("collector"), Exposition.Sample::value));
    }
}
