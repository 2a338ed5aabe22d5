// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class NodeMetricsTests {

    private static final Family NUMBER = Family.gauge("node_number", "A number.");

    @TempDir private Path folder = Path.of("");

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(CollectorRun.class);

    /** What the next scrape comes to; none: a number. */
    private @Nullable Exception failure;

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(logged);
    }

    private final NodeCollector ill =
            new NodeCollector() {
                @Override
                public String name() {
                    return "ill";
                }

                @Override
                public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
                    switch (failure) {
                        case null -> samples.family(NUMBER).add(7);
                        case IOException e -> throw e;
                        case RuntimeException e -> throw e;
                        default -> throw new AssertionError(failure);
                    }
                }
            };

    private NodeMetrics metrics(NodeSettings settings) {
        List<NodeCollectors.Listed> all =
                List.of(
                        new NodeCollectors.Listed(ill, true),
                        new NodeCollectors.Listed(new LoadavgCollector(), true),
                        new NodeCollectors.Listed(new FilefdCollector(), false));
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");
        return new NodeMetrics(all, settings, host.hostRoot(), "1.2.3");
    }

    private static Collected scrape(NodeMetrics metrics, ScrapeRequest request) {
        return Collected.of(
                metrics.scrape(request, System.nanoTime() + Duration.ofMinutes(1).toNanos()));
    }

    private static double success(Collected found, String collector) {
        return found.value("node_scrape_collector_success{collector=\"" + collector + "\"}");
    }

    private static NodeSettings settings(Set<String> on, Set<String> off) {
        NodeSettings all = NodeSettings.DEFAULTS;
        return new NodeSettings(
                on,
                off,
                all.cpuInfo(),
                all.mountPoints(),
                all.fileSystemTypes(),
                all.mountTimeout(),
                all.disks(),
                all.networkCounters(),
                all.networkClass(),
                all.netstatFields(),
                all.vmstatFields(),
                all.systemdUnits(),
                all.textfiles());
    }

    @Test
    void runsWhatIsOnAndTellsHowItWent() {
        NodeMetrics metrics = metrics(NodeSettings.DEFAULTS);

        Collected found = scrape(metrics, ScrapeRequest.ALL);

        assertThat(found.values()).containsEntry("node_number", 7.0).containsKey("node_load1");
        assertThat(success(found, "ill")).isEqualTo(1);
        assertThat(found.value("node_scrape_collector_duration_seconds{collector=\"loadavg\"}"))
                .isBetween(0.0, 10.0);
        assertThat(found.key("node_exporter_build_info"))
                .contains("version=\"1.2.3\"", "goos=\"linux\"");
        assertThat(found.names()).doesNotContain("node_filefd_allocated");
        assertThat(metrics.collectors()).containsExactly("filefd", "ill", "loadavg");
        assertThat(metrics.running()).containsExactlyInAnyOrder("ill", "loadavg");
    }

    @Test
    void runsWhatItIsToldToAndNotWhatItIsToldNotTo() {
        Collected found =
                scrape(metrics(settings(Set.of("filefd"), Set.of("loadavg"))), ScrapeRequest.ALL);

        assertThat(found.names()).contains("node_filefd_allocated").doesNotContain("node_load1");
    }

    @Test
    void runsOnlyWhatTheScrapeWants() {
        NodeMetrics metrics = metrics(NodeSettings.DEFAULTS);

        Collected only = scrape(metrics, new ScrapeRequest(Set.of("loadavg"), Set.of()));
        Collected allBut = scrape(metrics, new ScrapeRequest(Set.of(), Set.of("loadavg")));

        assertThat(only.names()).contains("node_load1").doesNotContain("node_number");
        assertThat(allBut.names()).contains("node_number").doesNotContain("node_load1");
        assertThat(only.values())
                .doesNotContainKey("node_scrape_collector_success{collector=\"ill\"}");
    }

    @Test
    void namesACollectorThatThereIsNot() {
        assertThatThrownBy(() -> metrics(settings(Set.of("wifi"), Set.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wifi")
                .hasMessageContaining("filefd, ill, loadavg");
    }

    @Test
    void losesNothingButWhatFailed() {
        failure = new IllegalStateException("a mistake");

        Collected found = scrape(metrics(NodeSettings.DEFAULTS), ScrapeRequest.ALL);

        assertThat(success(found, "ill")).isZero();
        assertThat(success(found, "loadavg")).isEqualTo(1);
        assertThat(found.names()).contains("node_load1").doesNotContain("node_number");
    }

    @Test
    void logsAFailureWhenItBeginsOrChangesAndWhenItIsOver() {
        NodeMetrics metrics = metrics(NodeSettings.DEFAULTS);
        failure = new IOException("one");
        scrape(metrics, ScrapeRequest.ALL);
        scrape(metrics, ScrapeRequest.ALL);
        assertThat(warnings()).isEqualTo(1);

        failure = new IOException("another");
        scrape(metrics, ScrapeRequest.ALL);
        scrape(metrics, ScrapeRequest.ALL);
        assertThat(warnings()).isEqualTo(2);

        failure = null;
        scrape(metrics, ScrapeRequest.ALL);
        assertThat(logged.list)
                .last()
                .satisfies(
                        event ->
                                assertThat(event.getFormattedMessage())
                                        .isEqualTo("Collector ill works again"));
    }

    @Test
    void takesNothingToTellForNoSuccessAndLogsNoWarning() {
        failure = new NoDataException("no RAID");

        assertThat(success(scrape(metrics(NodeSettings.DEFAULTS), ScrapeRequest.ALL), "ill"))
                .isZero();
        assertThat(warnings()).isZero();
    }

    @Test
    void leavesOutWhatTheDeadlineLeavesNoTimeFor() {
        Collected found =
                Collected.of(
                        metrics(NodeSettings.DEFAULTS)
                                .scrape(ScrapeRequest.ALL, System.nanoTime() - 1));

        assertThat(found.names()).doesNotContain("node_number", "node_load1");
        assertThat(success(found, "ill")).isZero();
        assertThat(success(found, "loadavg")).isZero();
    }

    /** Each collector that there is, on files that are all malformed: no other one is lost. */
    @Test
    void surviveFilesThatSayNothingThatMakesSense() {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");
        for (String file :
                List.of("stat", "meminfo", "vmstat", "diskstats", "loadavg", "pressure/cpu")) {
            host.file("proc/" + file, "\0\0 rubbish \n\n: = \n");
        }
        NodeMetrics metrics =
                new NodeMetrics(
                        NodeSettings.DEFAULTS, host.hostRoot(), "1", () -> Optional.of("node7"));

        Collected found = scrape(metrics, ScrapeRequest.ALL);

        for (String broken : List.of("meminfo", "diskstats", "loadavg")) {
            assertThat(success(found, broken)).as(broken).isZero();
        }
        for (String whole : List.of("filefd", "entropy", "softnet", "time", "uname", "selinux")) {
            assertThat(success(found, whole)).as(whole).isEqualTo(1);
        }
    }

    private long warnings() {
        return logged.list.stream().filter(event -> event.getLevel() == Level.WARN).count();
    }
}
