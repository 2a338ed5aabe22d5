// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import io.hostagent.app.fixture.RemoteAgent;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.RunningCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The packaged agent in the network of a host of the lab, as a service of that host is. */
final class HostAgent implements AutoCloseable {

    static final String TOKEN = "the-metrics-token-of-a-test";
    static final Map<String, String> METRICS = Map.of("Authorization", "Bearer " + TOKEN);

    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final DockerHost host;
    private final int port;
    private final String anchor;
    private final RunningCommand process;

    private HostAgent(DockerHost host, int port, String anchor, RunningCommand process) {
        this.host = host;
        this.port = port;
        this.anchor = anchor;
        this.process = process;
    }

    /** Starts one with metrics on, and waits until it answers. */
    static HostAgent start(DockerHost host, int port) {
        String anchor = "network-of-host";
        host.cli().run("rm", "--force", anchor);
        host.cli()
                .run(
                        "run",
                        "--detach",
                        "--name",
                        anchor,
                        "--network=host",
                        "lab/workload:1",
                        "sleep",
                        "1000000")
                .orThrow();
        RunningCommand process =
                host.startInNetworkOf(anchor, command(host, port).toArray(String[]::new));
        HostAgent agent = new HostAgent(host, port, anchor, process);
        Awaitility.await()
                .atMost(START)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> agent.remote().ping() == 204 || !process.process().isAlive());
        if (!process.process().isAlive()) {
            throw new IllegalStateException("The agent did not start:\n" + process.err());
        }
        return agent;
    }

    private static List<String> command(DockerHost host, int port) {
        Map<String, String> variables = new HashMap<>();
        variables.put("CAP_METRICS", "1");
        variables.put("AGENT_PORT", String.valueOf(port));
        variables.put("AGENT_METRICS_TOKEN", TOKEN);
        variables.put("DOCKER_HOST", host.endpoint());
        try {
            variables.put("DATA_PATH", Files.createTempDirectory("agent-data").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        variables.forEach((name, value) -> command.add(name + "=" + value));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of("..", "packaging", "serve.options").toAbsolutePath());
        command.add("-jar");
        command.add(Path.of("target", "agent.jar").toAbsolutePath().toString());
        return command;
    }

    private RemoteAgent remote() {
        return new RemoteAgent(host.address(), port);
    }

    /** {@code HOST:PORT} at which the test reaches it. */
    String address() {
        return host.address() + ":" + port;
    }

    /** A GET with the metrics token. */
    HttpResponse<String> get(String path) {
        return get(path, METRICS);
    }

    /** A GET with headers of one's own. */
    HttpResponse<String> get(String path, Map<String, String> headers) {
        return remote().get(path, headers, ANSWER);
    }

    @Override
    public void close() {
        process.close();
        host.cli().run("rm", "--force", anchor);
    }
}
