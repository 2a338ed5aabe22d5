// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.DockerSwarm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * One agent for each node of a Swarm, as processes on this machine that know each other by a list
 * of addresses. The first one is on a manager.
 */
final class ThreeAgents implements AutoCloseable {

    private final DockerSwarm swarm;
    private final List<Integer> ports;
    private final Map<String, String> environment;
    private final List<RunningAgent> agents = new ArrayList<>();
    private final Map<String, String> signature;

    private ThreeAgents(DockerSwarm swarm, Map<String, String> environment) {
        this.swarm = swarm;
        this.environment = environment;
        this.ports = swarm.hosts().stream().map(host -> freePort()).toList();
        TestKey key = TestKey.create();
        String secret = environment.get("AGENT_SECRET");
        this.signature = secret == null ? key.headers() : key.headers(secret);
    }

    /**
     * Starts the agents and waits until they answer.
     *
     * @param environment of all of them
     */
    static ThreeAgents on(DockerSwarm swarm, Map<String, String> environment) {
        ThreeAgents agents = new ThreeAgents(swarm, environment);
        for (int i = 0; i < swarm.hosts().size(); i++) {
            agents.agents.add(agents.start(i));
        }
        return agents;
    }

    private RunningAgent start(int index) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("DOCKER_HOST", swarm.hosts().get(index).endpoint());
        variables.put("AGENT_PORT", String.valueOf(ports.get(index)));
        variables.put(
                "AGENT_CLUSTER_ADDR",
                ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
        return RunningAgent.start(variables);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DockerHost host(int index) {
        return swarm.hosts().get(index);
    }

    String node(int index) {
        return host(index).name();
    }

    List<String> nodes() {
        return IntStream.range(0, agents.size()).mapToObj(this::node).toList();
    }

    RunningAgent agent(int index) {
        return agents.get(index);
    }

    /** Waits until each knows all others: they may have started in any order. */
    void awaitEachOther() {
        for (int i = 0; i < agents.size(); i++) {
            int index = i;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(
                            () -> assertThat(get(index, "/v2/agents").body()).contains(nodes()));
        }
    }

    /** Ends an agent without a word. */
    void kill(int index) {
        signal(index, "KILL");
        Awaitility.await().until(() -> !agents.get(index).isAlive());
    }

    void signal(int index, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(agents.get(index).pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts an agent anew that was stopped. */
    void restart(int index) {
        agents.set(index, start(index));
    }

    /** The headers of a client that all of them let in. */
    Map<String, String> signature() {
        return signature;
    }

    HttpResponse<String> get(int index, String path, String... headers) {
        return send(index, "GET", path, "", headers);
    }

    HttpResponse<String> send(
            int index, String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ports.get(index) + path))
                        .timeout(Duration.ofSeconds(30))
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        signature.forEach(request::header);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return agents.get(index).send(request.build());
    }

    @Override
    public void close() {
        agents.forEach(RunningAgent::close);
    }
}
