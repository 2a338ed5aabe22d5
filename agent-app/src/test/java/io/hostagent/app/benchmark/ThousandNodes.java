// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.settings.Secret;
import io.hostagent.core.tls.ClusterTls;
import io.hostagent.core.tls.ServerTls;
import io.hostagent.lab.DockerHost;
import io.netty.handler.ssl.SslContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Who merges the lists of a {@link MergeBenchmark}: the merger alone, in a process with the JVM
 * options of the agent, or a whole agent. This process plays the nodes, on the same cores.
 */
final class ThousandNodes {

    private static final String SECRET = "a secret of the benchmark";

    private ThousandNodes() {}

    /** The merger alone, over TLS that nobody verifies, or in plain text. */
    static MergeBenchmark.Result alone(boolean tls, int lists) throws Exception {
        @Nullable SslContext context = null;
        if (tls) {
            context = ServerTls.context(Files.createTempDirectory("stub-peers"), Optional.empty());
        }
        try (StubPeers peers =
                StubPeers.start(MergeBenchmark.PEERS, MergeBenchmark.CONTAINERS, context)) {
            // The compiler of the process that plays the nodes is done by then.
            alone(peers, tls, 5);
            return alone(peers, tls, lists);
        }
    }

    private static MergeBenchmark.Result alone(StubPeers peers, boolean tls, int lists)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of("..", "packaging", "serve.options").toAbsolutePath());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(MergingServer.class.getName());
        command.add(String.valueOf(peers.port()));
        command.add(String.valueOf(MergeBenchmark.PEERS));
        if (tls) {
            command.add("tls");
        }
        Process merging =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = merging.inputReader()) {
            int port = Integer.parseInt(out.readLine());
            return new MergeBenchmark(peers)
                    .run(
                            new MergeBenchmark.Merger(merging.pid(), () -> HttpWire.tcp(port), ""),
                            lists);
        } finally {
            merging.destroy();
        }
    }

    /** A whole agent that knows all addresses, and mutual TLS from a secret. */
    static MergeBenchmark.Result agent(DockerHost host, Path home, SSLContext client, int lists)
            throws Exception {
        try (Blocking threads = new Blocking(1);
                StubPeers peers =
                        StubPeers.start(
                                MergeBenchmark.PEERS,
                                MergeBenchmark.CONTAINERS,
                                clusterTls(threads))) {
            agent(peers, host, home, client, 1);
            return agent(peers, host, home, client, lists);
        }
    }

    private static SslContext clusterTls(Blocking threads) throws IOException {
        ClusterTls.Context context =
                ClusterTls.ofThisHost(new Secret(SECRET), threads)
                        .ready()
                        .block(Duration.ofMinutes(1));
        if (context == null) {
            throw new IOException("There is no TLS for the nodes");
        }
        return context.server();
    }

    private static MergeBenchmark.Result agent(
            StubPeers peers, DockerHost host, Path home, SSLContext client, int lists)
            throws Exception {
        String addresses =
                IntStream.range(0, MergeBenchmark.PEERS)
                        .mapToObj(peer -> StubPeers.address(peer) + ":" + peers.port())
                        .collect(Collectors.joining(","));
        String credentials =
                TestKey.create().headers(SECRET).entrySet().stream()
                        .map(h -> h.getKey() + ": " + h.getValue() + "\r\n")
                        .collect(Collectors.joining());
        try (RunningAgent agent =
                RunningAgent.start(
                        home,
                        Map.of(
                                "DOCKER_HOST",
                                host.endpoint(),
                                "AGENT_SECRET",
                                SECRET,
                                "AGENT_CLUSTER_ADDR",
                                addresses,
                                "AGENT_JAVA_OPTIONS",
                                "-XX:AOTMode=on"))) {
            return new MergeBenchmark(peers)
                    .run(
                            new MergeBenchmark.Merger(
                                    agent.pid(),
                                    () -> HttpWire.tls(client, agent.port()),
                                    credentials),
                            lists);
        }
    }
}
