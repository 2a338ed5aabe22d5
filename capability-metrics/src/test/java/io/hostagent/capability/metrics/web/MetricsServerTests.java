// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.metrics.fixture.Fleet;
import io.hostagent.capability.metrics.fixture.TestSource;
import io.hostagent.capability.metrics.fixture.TextReader;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.Scraper;
import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.relay.RawClient;
import io.hostagent.core.trust.AuditLog;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

/** Scrapes over real connections, on ports without TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
class MetricsServerTests {

    private static final int CONTAINERS = 500;
    private static final int FAMILIES = 80;

    /** Less than all of it, which is about 9 MB. */
    private static final int BODY = 8_000_000;

    private final LoopResources loops = LoopResources.create("metrics-test", 2, true);
    private final List<SampleSet> fleet = new Fleet(CONTAINERS, FAMILIES).samples(2);
    private final TestSource cadvisor = new TestSource("cadvisor", List.of(), request -> fleet);
    private final TestSource node =
            new TestSource(
                    "node",
                    List.of("cpu", "meminfo", "systemd"),
                    Set.of("systemd"),
                    request -> {
                        SampleSet set = new SampleSet();
                        for (String collector : List.of("cpu", "meminfo")) {
                            if (request.wants(collector)) {
                                set.family(Family.gauge("node_" + collector, "A number.")).add(1);
                            }
                        }
                        return List.of(set);
                    });
    private final TestSource process =
            new TestSource(
                    "process",
                    List.of(),
                    request -> {
                        SampleSet set = new SampleSet();
                        set.family(Family.gauge("process_open_fds", "Files.")).add(7);
                        return List.of(set);
                    });
    private final Scraper scraper = new Scraper(List.of(cadvisor, node, process));
    private final MetricsAnswers answers = new MetricsAnswers(scraper, true);
    private final PlainListener all = listener(MetricsPart.ALL);
    private final PlainListener nodePort = listener(MetricsPart.NODE);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private PlainListener listener(MetricsPart part) {
        return listener(part, answers);
    }

    private PlainListener listener(MetricsPart part, MetricsAnswers some) {
        return new PlainListener(
                new PlainListener.Place("METRICS_PORT", InetAddress.getLoopbackAddress(), 0, part),
                some,
                new AuditLog(),
                100,
                () -> loops);
    }

    @BeforeAll
    void start() {
        all.start();
        nodePort.start();
        await().until(() -> all.port().isPresent() && nodePort.port().isPresent());
    }

    @AfterAll
    void stop() {
        http.close();
        all.close();
        nodePort.close();
        scraper.close();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
    }

    @Test
    void sendsEverythingAsText() throws Exception {
        HttpResponse<byte[]> answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        TextReader read = TextReader.of(new String(answer.body(), UTF_8));
        assertThat(read.types())
                .containsKeys("node_cpu", "process_open_fds", "container_family_number_01");
        assertThat(read.samples()).hasSizeGreaterThan(CONTAINERS * FAMILIES);
    }

    @Test
    void compressesForWhoeverTakesIt() throws Exception {
        HttpResponse<byte[]> gzip = get("/metrics/cadvisor", "Accept-Encoding", "gzip");
        HttpResponse<byte[]> plain = get("/metrics/cadvisor", "Accept-Encoding", "gzip;q=0");

        assertThat(gzip.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip.body()))) {
            assertThat(containers(in.readAllBytes())).isEqualTo(containers(plain.body()));
        }
    }

    /** Without what tells of the scrape itself. */
    private static String containers(byte[] text) {
        return new String(text, UTF_8)
                .lines()
                .filter(line -> line.startsWith("container_"))
                .reduce("", (before, line) -> before.length() > 10_000 ? before : before + line);
    }

    @Test
    void offersOpenMetrics() throws Exception {
        String prometheus =
                "application/openmetrics-text;version=1.0.0;q=0.5,"
                        + "application/openmetrics-text;version=0.0.1;q=0.4,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
        HttpResponse<byte[]> asked = get("/metrics/node", "Accept", prometheus);
        HttpResponse<byte[]> other = get("/metrics/node?format=openmetrics");
        HttpResponse<byte[]> text = get("/metrics/node?format=text", "Accept", prometheus);

        for (HttpResponse<byte[]> answer : List.of(asked, other)) {
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(new String(answer.body(), UTF_8)).endsWith("\n# EOF\n");
        }
        assertThat(text.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/");
        assertThat(new String(text.body(), UTF_8)).doesNotContain("# EOF");
    }

    @Test
    void answersAHeadWithoutReadingAnything() throws Exception {
        int before = node.reads();
        try (RawClient client = new RawClient(port())) {
            client.send("HEAD /metrics/node HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("content-type: text/plain; version=0.0.4")
                    .containsIgnoringCase("content-encoding: gzip")
                    .doesNotContainIgnoringCase("content-length");
            // The connection goes on, so nothing followed the head.
            client.get("/nothing");
            assertThat(client.readHead()).startsWith("HTTP/1.1 404");
        }
        assertThat(node.reads()).isEqualTo(before);
    }

    @Test
    void runsTheCollectorsThatAreNamed() throws Exception {
        assertThat(families("/metrics/node?collect[]=cpu"))
                .contains("node_cpu")
                .doesNotContain("node_meminfo", "process_open_fds");
        assertThat(families("/metrics/node?exclude%5B%5D=cpu"))
                .contains("node_meminfo", "process_open_fds")
                .doesNotContain("node_cpu");
        assertThat(families("/metrics?collect[]=cpu&collect[]=meminfo"))
                .contains("node_cpu", "node_meminfo")
                .doesNotContain("container_family_number_01");
    }

    @Test
    void takesNamesOfNodeExporterThatHaveNoDataHere() throws Exception {
        assertThat(families("/metrics/node?collect[]=xfs&collect[]=cpu"))
                .contains("node_cpu")
                .doesNotContain("node_meminfo", "process_open_fds");
        assertThat(families("/metrics/node?collect[]=xfs"))
                .doesNotContain("node_cpu", "node_meminfo", "process_open_fds");
        assertThat(families("/metrics/node?exclude[]=zfs&exclude[]=whatever&exclude[]=cpu"))
                .contains("node_meminfo")
                .doesNotContain("node_cpu");
    }

    private List<String> families(String target) throws Exception {
        try (RawClient client = new RawClient(port())) {
            client.send("GET " + target + " HTTP/1.0\r\n\r\n");
            String answer = client.readToEnd();
            return List.copyOf(
                    TextReader.of(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                            .types()
                            .keySet());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/metrics?collect[]=cpu&exclude[]=meminfo | do not go together",
                "/metrics/node?collect[]=none             | There are cpu, meminfo",
                "/metrics/node?collect[]=systemd&collect[]=cpu | Off: systemd",
                "/metrics/agent?collect[]=cpu             | There are no collectors",
                "/metrics/agent?collect[]=zfs             | There are no collectors",
                "/metrics?format=xml                      | 'text' or 'openmetrics'",
                "/metrics?a=%zz                           | two hexadecimal digits"
            })
    void refusesAQueryThatMakesNoSense(String target, String message) throws Exception {
        try (RawClient client = new RawClient(port())) {
            client.get(target);
            assertThat(client.readResponse()).startsWith("400 ").contains(message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0", "-1", "NaN", ""})
    void refusesATimeoutThatIsNone(String timeout) throws Exception {
        HttpResponse<byte[]> answer = get("/metrics/node", ScrapeHeaders.TIMEOUT, timeout);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body(), UTF_8)).contains(ScrapeHeaders.TIMEOUT);
    }

    @Test
    void keepsToTheTimeThatThereIs() throws Exception {
        CountDownLatch gate = node.hold();
        try {
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            HttpResponse<byte[]> answer = get("/metrics/node", ScrapeHeaders.TIMEOUT, "1.5");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(new String(answer.body(), UTF_8))
                    .contains("agent_scrape_source_success{source=\"node\"} 0\n")
                    .contains("process_open_fds 7\n");
        } finally {
            gate.countDown();
        }
    }

    @Test
    void servesNothingElseWithoutAToken() throws Exception {
        for (String path : List.of("/", "/info", "/v2/capabilities", "/metrics/", "/metricsx")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(get("/metrics/../v2/capabilities").statusCode()).isIn(400, 404);
        assertThat(
                        http.send(
                                        request("/metrics")
                                                .POST(BodyPublishers.ofString("x"))
                                                .build(),
                                        BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(405);
    }

    @Test
    void servesOnePartAsItsExporterDoes() throws Exception {
        int port = nodePort.port().orElseThrow();
        try (RawClient client = new RawClient(port)) {
            client.get("/metrics");
            assertThat(client.readResponse())
                    .startsWith("200 ")
                    .contains("node_cpu 1\n", "process_open_fds 7\n")
                    .doesNotContain("container_family");
            client.get("/metrics/cadvisor");
            assertThat(client.readResponse()).startsWith("404 ");
        }
    }

    @Test
    void answersFortyAtOnceAndReadsOnce() throws Exception {
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        CountDownLatch gate = cadvisor.hold();
        int before = cadvisor.reads();
        List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
        for (int i = 0; i < MetricsAnswers.MOST; i++) {
            all.add(
                    http.sendAsync(
                            request("/metrics/cadvisor").header("Accept-Encoding", "gzip").build(),
                            BodyHandlers.ofByteArray()));
        }
        await().until(() -> answers.underWay() == MetricsAnswers.MOST);
        HttpResponse<byte[]> oneMore = get("/metrics/node");
        gate.countDown();

        assertThat(oneMore.statusCode()).isEqualTo(503);
        assertThat(new String(oneMore.body(), UTF_8)).contains("40 are under way");
        for (CompletableFuture<HttpResponse<byte[]>> one : all) {
            HttpResponse<byte[]> answer = one.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(200);
            try (GZIPInputStream in =
                    new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
                assertThat(in.readAllBytes().length).isGreaterThan(5_000_000);
            }
        }
        assertThat(cadvisor.reads() - before).isEqualTo(1);
        await().until(() -> answers.underWay() == 0);
        assertThat(get("/metrics/node").statusCode()).isEqualTo(200);
    }

    @Test
    void holdsLittleForAClientThatDoesNotRead() throws Exception {
        long before = heldByNetty();
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                RawClient client = new RawClient(port(), 4_096);
                slow.add(client);
                client.get("/metrics/cadvisor");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            }
            // Ten bodies of 9 MB would wait somewhere by now.
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> answers.underWay() == 10);
            assertThat(get("/metrics/node").statusCode()).isEqualTo(200);
            assertThat(heldByNetty() - before).isLessThan(32L << 20);

            // Whoever begins to read gets all of it.
            assertThat(slow.getFirst().read(BODY)).hasSize(BODY);
        } finally {
            for (RawClient client : slow) {
                client.reset();
            }
        }
        await().until(() -> answers.underWay() == 0);
    }

    @Test
    void endsAnAnswerThatNobodyReads() throws Exception {
        MetricsAnswers hasty = new MetricsAnswers(scraper, true, Duration.ofSeconds(1));
        PlainListener listener = listener(MetricsPart.ALL, hasty);
        listener.start();
        await().until(() -> listener.port().isPresent());
        try (RawClient client = new RawClient(listener.port().orElseThrow(), 4_096)) {
            client.get("/metrics/cadvisor");
            await().until(() -> hasty.underWay() == 1);
            await().atMost(Duration.ofSeconds(10)).until(() -> hasty.underWay() == 0);

            // Other places are not concerned, and half an answer does not look whole.
            assertThat(get("/metrics/node").statusCode()).isEqualTo(200);
            assertThat(client.readToEnd()).doesNotEndWith("0\r\n\r\n");
        } finally {
            listener.close();
        }
    }

    private static long heldByNetty() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void letsGoOfEverythingWhenTheClientLeaves(String encoding) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = new RawClient(port(), 4_096)) {
                client.send(
                        "GET /metrics/cadvisor HTTP/1.1\r\nHost: x\r\nAccept-Encoding: "
                                + encoding
                                + "\r\n\r\n");
                if (i % 2 == 0) {
                    assertThat(client.readHead()).startsWith("HTTP/1.1 200");
                }
                client.reset();
            }
        }

        await().until(() -> answers.underWay() == 0);
        assertThat(get("/metrics/node").statusCode()).isEqualTo(200);
    }

    @Test
    void saysThatAPortIsTakenAndTakesItWhenItIsFree() throws Exception {
        PlainListener early = listener(MetricsPart.NODE);
        early.start();
        await().until(() -> early.port().isPresent());
        int taken = early.port().orElseThrow();
        PlainListener late =
                new PlainListener(
                        new PlainListener.Place(
                                "METRICS_NODE_PORT",
                                InetAddress.getLoopbackAddress(),
                                taken,
                                MetricsPart.NODE),
                        answers,
                        new AuditLog(),
                        100,
                        () -> loops,
                        Duration.ofMillis(50));
        late.start();
        try {
            await().until(() -> late.missing().isPresent());
            assertThat(late.missing().orElseThrow().why())
                    .contains("127.0.0.1:" + taken)
                    .contains("in use");
            assertThat(late.missing().orElseThrow().remedy()).contains("METRICS_NODE_PORT");
            early.close();

            await().until(() -> late.port().isPresent());
            assertThat(late.missing()).isEmpty();
        } finally {
            late.close();
        }
    }

    private int port() {
        return all.port().orElseThrow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<byte[]> get(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }
}
