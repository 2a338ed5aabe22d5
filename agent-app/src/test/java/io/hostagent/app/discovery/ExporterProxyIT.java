// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.core.json.JsonTree;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one agent finds in the containers of its host, and lets nobody reach beyond that. */
@Timeout(value = 120, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExporterProxyIT {

    private static final int PORT = 19_017;
    private static final String METADATA = "sd-metadata";
    private static final String LATER = "sd-later";
    private static final String BODY =
            "# TYPE exporter_up gauge\nexporter_up{text=\"\u00e4\u20ac\"} 1\n";
    private static final String ELSEWHERE = "sd-elsewhere-network";
    private static final String TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds";

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost host;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static HostAgent agent;

    private static final Map<String, ExporterContainer> CONTAINERS = new HashMap<>();

    @BeforeAll
    static void start() {
        run(
                "asks",
                "9100 9101",
                "--label=prometheus.io/scrape=true",
                "--label=prometheus.io/port=9100");
        run(
                "exposes",
                "9102",
                "--label=prometheus.scrape=true",
                "--expose=9102",
                "--expose=53/udp");
        run("silent", "9100", "--expose=9100");
        run(
                "on-host",
                "19100",
                "--network=host",
                "--label=prometheus.io/scrape=true",
                "--label=prometheus.io/port=19100");
        run(
                "loopback",
                "127.0.0.1:9100",
                "--label=prometheus.io/scrape=true",
                "--label=prometheus.io/port=9100");
        host.cli().run("network", "rm", METADATA);
        host.cli().run("network", "create", "--subnet=169.254.169.0/24", METADATA).orThrow();
        run(
                "metadata",
                "80",
                "--network=" + METADATA,
                "--ip=169.254.169.254",
                "--label=prometheus.io/scrape=true",
                "--label=prometheus.io/port=80");
        agent = HostAgent.start(host, PORT);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> get("asks", 9100, "/metrics").statusCode() == 200);
    }

    private static void run(String name, String ports, String... options) {
        CONTAINERS.put(name, ExporterContainer.start(host, "sd-" + name, ports, options));
    }

    @AfterAll
    static void stop() {
        agent.close();
        CONTAINERS.values().forEach(ExporterContainer::remove);
        host.cli().run("network", "rm", METADATA);
    }

    private static ExporterContainer container(String name) {
        ExporterContainer container = CONTAINERS.get(name);
        assertThat(container).as(name).isNotNull();
        return container;
    }

    private static String path(String name, int port, String rest) {
        return "/proxy/" + container(name).id() + "/" + port + rest;
    }

    private static HttpResponse<String> get(String name, int port, String rest) {
        return agent.get(path(name, port, rest));
    }

    private static List<@Nullable Object> list(String query) {
        HttpResponse<String> answer = agent.get("/sd/containers" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        return JsonTree.list(JsonTree.read(answer.body()));
    }

    private static List<String> names(List<@Nullable Object> targets) {
        List<String> names = new ArrayList<>();
        targets.forEach(
                target ->
                        names.add(
                                String.valueOf(
                                        JsonTree.text(
                                                target,
                                                "labels",
                                                "__meta_docker_container_name"))));
        return names;
    }

    @Test
    void listsWhatAsksForIt() {
        List<@Nullable Object> targets = list("");

        assertThat(names(targets))
                .containsExactly("/sd-asks", "/sd-exposes", "/sd-loopback", "/sd-metadata");
        assertThat(JsonTree.list(targets.getFirst(), "targets")).containsExactly(agent.address());
        assertThat(JsonTree.text(targets.getFirst(), "labels", "__metrics_path__"))
                .isEqualTo(path("asks", 9100, "/metrics"));
        assertThat(JsonTree.text(targets.getFirst(), "labels", "__meta_docker_network_scope"))
                .isEqualTo("local");
        assertThat(JsonTree.text(targets.get(1), "labels", "__meta_docker_port_private"))
                .isEqualTo("9102");
    }

    @Test
    void listsAddressesWhereTheyAreWanted() {
        List<@Nullable Object> direct = list("?mode=direct");

        assertThat(JsonTree.list(direct.getFirst(), "targets"))
                .containsExactly(container("asks").address() + ":9100");
        assertThat(names(list("?mode=direct&all=1")))
                .contains("/sd-silent")
                .doesNotContain("/sd-on-host");
    }

    @Test
    void listsItselfWhereItWasAsked() {
        Object agents = JsonTree.read(agent.get("/sd/agents").body());

        assertThat(JsonTree.list(agents)).hasSize(1);
        Object only = JsonTree.list(agents).getFirst();
        assertThat(JsonTree.list(only, "targets")).containsExactly(agent.address());
        assertThat(JsonTree.text(only, "labels", "instance")).isEqualTo(host.name());
        assertThat(JsonTree.text(only, "labels", "__meta_hostagent_capabilities"))
                .contains(",metrics,");
    }

    @Test
    void letsNobodyInWithoutTheToken() {
        for (String path :
                List.of("/sd/agents", "/sd/containers", path("asks", 9100, "/metrics"))) {
            assertThat(agent.get(path, Map.of()).statusCode()).isEqualTo(403);
            assertThat(agent.get(path, Map.of("Authorization", "Bearer wrong")).statusCode())
                    .isEqualTo(403);
        }
        assertThat(agent.get("/containers/json").statusCode()).isEqualTo(403);
    }

    @Test
    void passesTheAnswerOnByteForByte() throws Exception {
        HttpResponse<byte[]> plain = bytes(path("asks", 9100, "/metrics"), Map.of());
        assertThat(plain.body()).isEqualTo(BODY.getBytes(UTF_8));
        assertThat(plain.headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(plain.headers().map()).doesNotContainKey("Set-Cookie");

        HttpResponse<byte[]> packed =
                bytes(path("asks", 9100, "/metrics"), Map.of("Accept-Encoding", "gzip"));
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(new String(gzip.readAllBytes(), UTF_8)).isEqualTo(BODY);
        }
        assertThat(get("exposes", 9102, "/metrics").body()).isEqualTo(BODY);
        assertThat(get("asks", 9100, "/metrics/broken").statusCode()).isEqualTo(500);
    }

    private static HttpResponse<byte[]> bytes(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://" + agent.address() + path));
        HostAgent.METRICS.forEach(request::header);
        headers.forEach(request::header);
        try (HttpClient http = HttpClient.newBuilder().sslContext(TrustAll.context()).build()) {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        }
    }

    @Test
    void tellsTheExporterWhatAScrapeIsAboutAndNoMore() {
        Map<String, String> headers = new HashMap<>(HostAgent.METRICS);
        headers.put("Accept", "application/openmetrics-text");
        headers.put(TIMEOUT, "7");
        headers.put("X-Forwarded-For", "1.2.3.4");

        String asked =
                agent.get(path("asks", 9100, "/metrics/asked?name[]=a&b=%2F..%2F"), headers).body();

        assertThat(asked)
                .startsWith("/metrics/asked?name[]=a&b=%2F..%2F\n")
                .containsIgnoringCase("accept: application/openmetrics-text\n")
                .containsIgnoringCase(TIMEOUT + ": 7\n")
                .containsIgnoringCase("host: " + container("asks").address() + ":9100\n")
                .doesNotContainIgnoringCase("authorization")
                .doesNotContain("1.2.3.4", HostAgent.TOKEN);
    }

    @Test
    void refusesWhatTheContainerDidNotAskFor() {
        refuses(403, "prometheus.io/scrape=true", get("silent", 9100, "/metrics"));
        refuses(403, "prometheus.io/port", get("asks", 9101, "/metrics"));
        refuses(403, "prometheus.io/port", get("exposes", 53, "/metrics"));
        refuses(403, "prometheus.io/path", get("asks", 9100, "/"));
        refuses(403, "prometheus.io/path", get("asks", 9100, "/admin"));
        refuses(403, "prometheus.io/path", get("asks", 9100, "/metricsx"));
        refuses(403, "the host's network", get("on-host", 19100, "/metrics"));
        refuses(404, "ended", agent.get("/proxy/" + "a".repeat(64) + "/9100/metrics"));
    }

    @Test
    void reachesNeitherLoopbackNorMetadata() {
        refuses(502, "refused", get("loopback", 9100, "/metrics"));
        refuses(502, METADATA, get("metadata", 80, "/metrics"));
    }

    /**
     * Its address would be looked for by way of the default route, where a stranger may have it.
     */
    @Test
    void reachesNoBridgeOfAnEngineWithAnotherNetwork() {
        host.cli().run("network", "rm", ELSEWHERE);
        host.cli().run("network", "create", "--subnet=10.213.77.0/24", ELSEWHERE).orThrow();
        run(
                "elsewhere",
                "9100",
                "--network=" + ELSEWHERE,
                "--label=prometheus.io/scrape=true",
                "--label=prometheus.io/port=9100");
        try (RunningAgent outside =
                RunningAgent.start(
                        Map.of(
                                "CAP_METRICS",
                                "1",
                                "AGENT_METRICS_TOKEN",
                                HostAgent.TOKEN,
                                "DOCKER_HOST",
                                host.endpoint()))) {
            String path = path("elsewhere", 9100, "/metrics");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> outside.get(path, HostAgent.METRICS).statusCode() != 404);

            refuses(502, ELSEWHERE, outside.get(path, HostAgent.METRICS));
            assertThat(get("elsewhere", 9100, "/metrics").statusCode()).isEqualTo(200);
        } finally {
            container("elsewhere").remove();
            CONTAINERS.remove("elsewhere");
            host.cli().run("network", "rm", ELSEWHERE).orThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics/../admin",
                "/metrics/%2e%2e/admin",
                "/metrics/..;/admin",
                "/metrics/..%5cadmin",
                "/metrics%2f..%2fadmin",
                "/metrics/%252e%252e/admin",
                "/%2F169.254.169.254/"
            })
    void refusesPathsThatLeadElsewhere(String rest) {
        assertThat(get("asks", 9100, rest).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proxy/localhost/22/metrics",
                "/proxy/169.254.169.254/80/metrics",
                "/proxy/user@host/80/metrics",
                "/proxy/http:%2f%2f169.254.169.254/80/metrics"
            })
    void takesNothingForAContainerButAnId(String path) {
        assertThat(agent.get(path).statusCode()).isEqualTo(400);
    }

    @Test
    void followsNoRedirect() {
        refuses(502, "169.254.169.254", get("asks", 9100, "/metrics/redirect"));
    }

    @Test
    void waitsNoLongerThanPrometheusDoes() {
        Map<String, String> headers = new HashMap<>(HostAgent.METRICS);
        headers.put(TIMEOUT, "1");
        long start = System.nanoTime();

        HttpResponse<String> late = agent.get(path("asks", 9100, "/metrics/slow"), headers);

        refuses(504, "900 ms", late);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(850), Duration.ofSeconds(3));
        assertThatThrownBy(() -> agent.get(path("asks", 9100, "/metrics/stall"), headers))
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void takesNoMoreThanTenMegabytes() {
        refuses(502, "10000000 bytes", get("asks", 9100, "/metrics/long"));
        assertThatThrownBy(() -> get("asks", 9100, "/metrics/large"))
                .hasCauseInstanceOf(IOException.class);
        assertThat(get("asks", 9100, "/metrics").body()).isEqualTo(BODY);
    }

    @Test
    void seesANetworkThatIsJoinedLater() {
        host.cli().run("network", "create", LATER).orThrow();
        ExporterContainer late =
                ExporterContainer.start(
                        host,
                        "sd-late",
                        "9100",
                        "--label=prometheus.io/scrape=true",
                        "--label=prometheus.io/port=9100");
        try {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> networkOf("sd-late"), "bridge"::equals);
            host.cli().run("network", "disconnect", "bridge", "sd-late").orThrow();
            host.cli().run("network", "connect", LATER, "sd-late").orThrow();

            await().atMost(Duration.ofSeconds(10)).until(() -> networkOf("sd-late"), LATER::equals);
            String metrics = "/proxy/" + late.id() + "/9100/metrics";
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> agent.get(metrics).statusCode() == 200);
        } finally {
            late.remove();
            host.cli().run("network", "rm", LATER);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> networkOf("sd-late"), ""::equals);
    }

    /** Of the network by which a container is listed; empty when it is not listed. */
    private static String networkOf(String container) {
        return list("").stream()
                .filter(
                        target ->
                                ("/" + container)
                                        .equals(
                                                JsonTree.text(
                                                        target,
                                                        "labels",
                                                        "__meta_docker_container_name")))
                .map(
                        target ->
                                String.valueOf(
                                        JsonTree.text(
                                                target, "labels", "__meta_docker_network_name")))
                .findFirst()
                .orElse("");
    }

    @Test
    void forgetsAContainerThatHasEnded() {
        ExporterContainer gone =
                ExporterContainer.start(
                        host,
                        "sd-gone",
                        "9100",
                        "--label=prometheus.io/scrape=true",
                        "--label=prometheus.io/port=9100");
        String path = "/proxy/" + gone.id() + "/9100/metrics";
        await().atMost(Duration.ofSeconds(30)).until(() -> agent.get(path).statusCode() == 200);

        host.cli().run("stop", "--time=0", "sd-gone").orThrow();

        await().atMost(Duration.ofSeconds(5)).until(() -> agent.get(path).statusCode() == 404);
        assertThat(names(list(""))).doesNotContain("/sd-gone");
        gone.remove();
    }

    @Test
    void prometheusFindsTheAgentAndItsExporters() throws Exception {
        String configuration =
                """
                scrape_configs:
                  - job_name: agents
                    scrape_interval: 2s
                    scrape_timeout: 2s
                    authorization: &token {credentials: %1$s}
                    tls_config: &tls {insecure_skip_verify: true}
                    http_sd_configs:
                      - {url: "https://%2$s/sd/agents", refresh_interval: 2s, authorization: *token, tls_config: *tls}
                  - job_name: containers
                    scrape_interval: 2s
                    scrape_timeout: 2s
                    authorization: *token
                    tls_config: *tls
                    http_sd_configs:
                      - {url: "https://%2$s/sd/containers", refresh_interval: 2s, authorization: *token, tls_config: *tls}
                    relabel_configs:
                      - {source_labels: [__meta_docker_container_name], regex: "/sd-(asks|exposes)", action: keep}
                """
                        .formatted(HostAgent.TOKEN, agent.address());
        try (Prometheus prometheus = Prometheus.start(host.lab(), configuration)) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> {
                                List<Prometheus.Target> targets = prometheus.targets();
                                assertThat(targets).hasSize(3);
                                assertThat(targets)
                                        .allSatisfy(
                                                target ->
                                                        assertThat(target.health())
                                                                .as("%s", target)
                                                                .isEqualTo("up"));
                            });
            assertThat(prometheus.targets())
                    .filteredOn(target -> "agents".equals(target.labels().get("job")))
                    .extracting(target -> target.labels().get("instance"))
                    .containsExactly(host.name());
            assertThat(prometheus.series("exporter_up")).isEqualTo(2);
        }
    }

    /** The whole API's client may not do more with it either. */
    @Test
    void onlyReads() {
        Map<String, String> admin = TestKey.create().headers();
        assertThat(agent.get("/sd/containers?mode=neither", admin).statusCode()).isEqualTo(400);
        assertThat(agent.get("/sd/containers?all=1", admin).body()).contains("mode=direct");
        assertThat(agent.get("/sd/nothing", admin).statusCode()).isEqualTo(404);
    }

    private static void refuses(int status, String why, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(String.valueOf(JsonTree.text(JsonTree.read(answer.body()), "details")))
                .as(answer.body())
                .contains(why);
    }
}
