// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.lab.DockerHost;
import io.hostagent.lab.RunningCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container in the agents' own network, without their secret and under the name of their service,
 * learns nothing from them, and none of their requests.
 */
class SwarmStrangerIT extends OnSwarm {

    private static final String SERVICE = "stranger";
    private static final String AGENTS_NAME = "agents.host-agent.internal";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each
    private TaskContainer stranger;

    private static DockerHost host() {
        return swarm().workers().getLast().host();
    }

    @BeforeEach
    void letHimIn() throws Exception {
        swarm().docker()
                .run(
                        "service",
                        "create",
                        "--quiet",
                        "--no-resolve-image",
                        "--name=" + SERVICE,
                        "--endpoint-mode=dnsrr",
                        "--constraint=node.hostname==" + host().name(),
                        "--network=name="
                                + SwarmOfAgents.NETWORK
                                + ",alias="
                                + SwarmOfAgents.SERVICE,
                        "lab/workload:1",
                        "sleep",
                        "1000000")
                .orThrow();
        stranger = TaskContainer.of(SERVICE, host()).orElseThrow();
        makeCertificate();
    }

    private Path store() {
        return folder.resolve("stranger.p12");
    }

    private void makeCertificate() throws Exception {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> line = new ArrayList<>(List.of(keytool, "-genkeypair"));
        line.addAll(List.of("-alias", "stranger", "-keyalg", "EC", "-dname", "CN=" + AGENTS_NAME));
        line.addAll(List.of("-ext", "SAN=DNS:" + AGENTS_NAME, "-storetype", "PKCS12"));
        line.addAll(List.of("-storepass", Stranger.PASSWORD, "-keystore", store().toString()));
        Process process = new ProcessBuilder(line).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }

    @AfterEach
    void throwHimOut() {
        swarm().docker().run("service", "rm", SERVICE).orThrow();
        await().atMost(LIMIT).until(() -> TaskContainer.of(SERVICE, host()).isEmpty());
    }

    private String[] stranger(String... arguments) {
        List<String> line = new ArrayList<>(Programs.java(Stranger.class));
        line.add(store().toString());
        line.addAll(List.of(arguments));
        return line.toArray(String[]::new);
    }

    @Test
    void learnsNothingFromAnAgent() {
        String address = first.container().address(SwarmOfAgents.NETWORK);

        String asAnybody = ask(address, "-", "/v2/identity");
        String asAnAgent = ask(address, AGENTS_NAME, "/v2/identity");
        String ping = ask(address, "-", "/ping");

        assertThat(asAnybody).startsWith("told HTTP/1.1 403").doesNotContain(names());
        assertThat(asAnAgent).startsWith("refused ").doesNotContain(names());
        assertThat(ping).startsWith("told HTTP/1.1 204").doesNotContain(names());
    }

    private static List<String> names() {
        return NodeAgent.names(swarm().agents());
    }

    private String ask(String address, String name, String path) {
        return host().runInNetworkOf(stranger.id(), stranger("ask", address, name, path))
                .orThrow()
                .out();
    }

    @Test
    void receivesNoRequestWhenHePosesAsAnAgent() throws Exception {
        try (RunningCommand listening =
                host().startInNetworkOf(stranger.id(), stranger("listen"))) {
            listening.awaitOut(out -> out.startsWith("listening"), LIMIT);
            // An agent that has just been started and cannot ask a manager asks for names.
            TaskContainer before = first.container();
            managersPort("--insert");
            try {
                before.kill();
                awaitAnother(first, before);
                assertThat(addressesOfTheAgents(first))
                        .contains(stranger.address(SwarmOfAgents.NETWORK));
                SwarmOfAgents.awaitAgents(List.of(first));
                first.workloads();
                awaitAcquainted();
                first.workloads();
            } finally {
                managersPort("--delete");
            }

            assertThat(listening.out()).contains("connection ");
            assertThat(listening.out()).doesNotContain("heard ");
        }
    }

    /** Closes the port that the manager's host publishes, to the first worker only. */
    private void managersPort(String action) {
        manager.host()
                .exec(
                        "iptables",
                        action,
                        "DOCKER-USER",
                        "--source",
                        first.host().address(),
                        "--protocol",
                        "tcp",
                        "--dport",
                        Integer.toString(NodeAgent.PORT),
                        "--jump",
                        "REJECT",
                        "--reject-with",
                        "tcp-reset")
                .orThrow();
    }

    /** What the name of the agents' service means in an agent's container. */
    private static String addressesOfTheAgents(NodeAgent agent) {
        return agent.host()
                .cli()
                .run("exec", agent.container().id(), "getent", "ahostsv4", "tasks.agent_agent")
                .orThrow()
                .out();
    }
}
