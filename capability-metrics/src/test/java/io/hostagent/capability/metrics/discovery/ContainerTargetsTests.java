// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.hostagent.core.cluster.NodeIdentity;
import io.hostagent.core.cluster.Role;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import io.hostagent.core.web.RequestPath;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContainerTargetsTests {

    private static final NodeIdentity NODE =
            new NodeIdentity(
                    "node-1",
                    "swarm-node-id",
                    true,
                    Role.WORKER,
                    9001,
                    List.of("metrics"),
                    "1.2",
                    "i",
                    0);
    private static final String AGENT = "10.0.1.7:9001";
    private static final ContainerQuery PROXY = query("");
    private static final ContainerQuery DIRECT = query("?mode=direct");
    private static final ContainerQuery ALL = query("?mode=direct&all=1");

    private static final Map<String, EngineNetwork> NETWORKS =
            EngineNetworks.parse(
                    """
                    [{"Id":"id-of-front","Name":"front","Driver":"bridge","Scope":"local",
                      "Internal":true,"Ingress":false,"Labels":{"com.example/zone":"a"}},
                     {"Id":"id-of-none","Name":"none","Driver":"null","Labels":null}]
                    """);

    /** Enough for the compiler to have been there. */
    private static final int ROUNDS = 8;

    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private static ContainerQuery query(String query) {
        return ContainerQuery.of(RequestPath.parse(ContainerQuery.PATH + query));
    }

    @Test
    void hasTheLabelsOfPrometheusOwnDiscovery() {
        List<Map<String, Object>> targets =
                targets(
                        DIRECT,
                        Containers.named("web")
                                .scraped()
                                .label("com.example/team-1", "ops")
                                .mode("front")
                                .in("front", "172.20.0.3")
                                .publishes(8080, "0.0.0.0", 80));

        assertThat(targets).hasSize(1);
        assertThat(targets.getFirst().get("targets")).isEqualTo(List.of("172.20.0.3:8080"));
        assertThat(labels(targets.getFirst()))
                .containsOnly(
                        entry("__meta_docker_container_id", Containers.id("web")),
                        entry("__meta_docker_container_name", "/web"),
                        entry("__meta_docker_container_image", "image/of:1"),
                        entry("__meta_docker_container_network_mode", "front"),
                        entry("__meta_docker_container_label_prometheus_io_scrape", "true"),
                        entry("__meta_docker_container_label_com_example_team_1", "ops"),
                        entry("__meta_docker_network_ip", "172.20.0.3"),
                        entry("__meta_docker_network_id", "id-of-front"),
                        entry("__meta_docker_network_name", "front"),
                        entry("__meta_docker_network_scope", "local"),
                        entry("__meta_docker_network_internal", "true"),
                        entry("__meta_docker_network_ingress", "false"),
                        entry("__meta_docker_network_label_com_example_zone", "a"),
                        entry("__meta_docker_port_private", "8080"),
                        entry("__meta_docker_port_public", "80"),
                        entry("__meta_docker_port_public_ip", "0.0.0.0"),
                        entry("__meta_hostagent_node_name", "node-1"),
                        entry("__meta_hostagent_node_id", "swarm-node-id"),
                        entry("__meta_hostagent_node_role", "worker"));
    }

    @Test
    void goesThroughTheAgentUnlessAskedForAddresses() {
        Map<String, Object> target =
                targets(
                                PROXY,
                                Containers.named("db")
                                        .scraped()
                                        .label("prometheus.io/port", "9187")
                                        .label("prometheus.io/path", "/stats")
                                        .label("prometheus.io/interval", "5s")
                                        .label("prometheus.io/scheme", "gopher")
                                        .in("front", "172.20.0.4")
                                        .exposes(5432, "tcp"))
                        .getFirst();

        assertThat(target.get("targets")).isEqualTo(List.of(AGENT));
        assertThat(labels(target))
                .contains(
                        entry("__scheme__", "https"),
                        entry("__metrics_path__", "/proxy/" + Containers.id("db") + "/9187/stats"),
                        entry("instance", "node-1/db:9187"),
                        entry("__scrape_interval__", "5s"),
                        entry("__scrape_timeout__", "5s"),
                        entry(
                                "__meta_hostagent_ignored",
                                "scheme 'gopher' is neither http nor https"))
                .doesNotContainKey("__meta_docker_port_public");
    }

    @Test
    void leavesToTheJobWhatTheLabelsDoNotSay() {
        assertThat(
                        labels(
                                targets(
                                                DIRECT,
                                                Containers.named("a")
                                                        .scraped()
                                                        .in("front", "fd00::5")
                                                        .exposes(1, "tcp"))
                                        .getFirst()))
                .doesNotContainKeys(
                        "__metrics_path__", "__scheme__", "instance", "__scrape_interval__");
    }

    @Test
    void hasATargetForEachTcpPortThatIsExposed() {
        Containers container =
                Containers.named("many")
                        .scraped()
                        .in("z", "10.2.0.1")
                        .in("front", "fd00::5")
                        .exposes(9102, "tcp")
                        .exposes(53, "udp")
                        .publishes(9101, "0.0.0.0", 19101)
                        .publishes(9101, "::", 19101);

        assertThat(targets(DIRECT, container))
                .extracting(target -> target.get("targets"))
                .containsExactly(List.of("[fd00::5]:9101"), List.of("[fd00::5]:9102"));
        assertThat(targets(PROXY, container)).hasSize(2);
    }

    @Test
    void isOfContainersThatAskForItUnlessAllAreWanted() {
        Containers asks = Containers.named("asks").scraped().in("front", "172.20.0.2");
        Containers silent = Containers.named("silent").in("front", "172.20.0.9");

        assertThat(ids(targets(PROXY, asks.exposes(1, "tcp"), silent.exposes(2, "tcp"))))
                .containsExactly(Containers.id("asks"));
        assertThat(ids(targets(ALL, asks, silent)))
                .containsExactly(Containers.id("asks"), Containers.id("silent"));
        assertThat(
                        ids(
                                targets(
                                        query("?container=" + Containers.id("asks")),
                                        asks,
                                        Containers.named("b").scraped().exposes(1, "tcp"))))
                .containsExactly(Containers.id("asks"));
    }

    @Test
    void hasTheAddressOfTheContainerWhoseNetworkItShares() {
        Containers owner = Containers.named("pause").in("front", "172.20.0.2");
        Containers sharing =
                Containers.named("app")
                        .scraped()
                        .mode("container:" + Containers.id("pause"))
                        .exposes(8080, "tcp");
        Containers itself =
                Containers.named("odd")
                        .scraped()
                        .mode("container:" + Containers.id("odd"))
                        .exposes(1, "tcp");

        assertThat(targets(DIRECT, owner, sharing, itself))
                .extracting(target -> target.get("targets"))
                .containsExactly(List.of("172.20.0.2:8080"));
    }

    @Test
    void leavesOutPortsOfTheHost() {
        Containers host = Containers.named("host").scraped().mode("host").exposes(1, "tcp");
        Containers sharing =
                Containers.named("sharing")
                        .scraped()
                        .mode("container:" + Containers.id("host"))
                        .exposes(2, "tcp");

        assertThat(targets(PROXY, host, sharing)).isEmpty();
        assertThat(targets(ALL, host, sharing)).isEmpty();
    }

    @Test
    void tellsTheTaskThatAContainerIs() {
        Map<String, @Nullable Object> labels =
                labels(
                        targets(
                                        PROXY,
                                        Containers.named("web.3.abc")
                                                .scraped()
                                                .label("com.docker.swarm.node.id", "n1")
                                                .label("com.docker.swarm.service.id", "s1")
                                                .label("com.docker.swarm.service.name", "web")
                                                .label("com.docker.swarm.task.id", "abc")
                                                .label("com.docker.swarm.task.name", "web.3.abc")
                                                .exposes(80, "tcp"))
                                .getFirst());

        assertThat(labels)
                .contains(
                        entry("__meta_dockerswarm_service_id", "s1"),
                        entry("__meta_dockerswarm_service_name", "web"),
                        entry("__meta_dockerswarm_task_id", "abc"),
                        entry("__meta_dockerswarm_task_slot", "3"),
                        entry("__meta_dockerswarm_task_container_id", Containers.id("web.3.abc")),
                        entry("__meta_dockerswarm_node_id", "n1"),
                        entry("__meta_dockerswarm_node_hostname", "node-1"),
                        entry("__meta_dockerswarm_node_role", "worker"));
    }

    @Test
    void writesFiveThousandTargetsInTime() {
        List<ContainerDetails> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Containers container = Containers.named("c" + i).scraped().in("front", "172.20.1.1");
            for (int label = 0; label < 10; label++) {
                container.label("com.example.label-" + label, "the value of a label");
            }
            many.add(container.exposes(9100, "tcp").details());
        }
        ContainerTargets targets = targets(many);
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < ROUNDS; i++) {
            long start = CPU.getCurrentThreadCpuTime();
            byte[] document = JsonTree.write(targets.targets(PROXY, NODE, AGENT, NETWORKS));
            Duration took = Duration.ofNanos(CPU.getCurrentThreadCpuTime() - start);
            assertThat(JsonTree.list(JsonTree.read(document))).hasSize(5_000);
            best = took.compareTo(best) < 0 ? took : best;
        }

        assertThat(best).isLessThan(Duration.ofMillis(200));
    }

    private static List<Map<String, Object>> targets(
            ContainerQuery query, Containers... containers) {
        List<ContainerDetails> details = new ArrayList<>();
        for (Containers container : containers) {
            details.add(container.details());
        }
        return targets(details).targets(query, NODE, AGENT, NETWORKS);
    }

    private static ContainerTargets targets(List<ContainerDetails> containers) {
        Upstream nobody =
                new Upstream(
                        "nobody",
                        new UpstreamAddress.Unix(Path.of("/nowhere")),
                        Duration.ofSeconds(1),
                        1);
        return new ContainerTargets(new Endpoints(() -> containers), new EngineNetworks(nobody));
    }

    private static Map<String, @Nullable Object> labels(Map<String, Object> target) {
        return JsonTree.map(target, "labels");
    }

    private static List<String> ids(List<Map<String, Object>> targets) {
        return targets.stream()
                .map(target -> String.valueOf(labels(target).get("__meta_docker_container_id")))
                .toList();
    }
}
