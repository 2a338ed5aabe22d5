// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.DockerHost;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * The list of all containers of three nodes through one agent, beside the lists that the engines
 * give on their sockets, in alternating rounds of one run. The three engines and agents share the
 * cores of this machine, so there is a second reference: all three sockets asked at once.
 */
final class ClusterBenchmark implements AutoCloseable {

    private static final String PATH = "/containers/json?all=1";
    private static final String SECRET = "a secret of the benchmark";

    /**
     * What was measured; times in milliseconds.
     *
     * @param slowest median of the slowest engine's own list, asked alone
     * @param atOnce median of the slowest of the three when all are asked at once
     * @param merged median of the merged list
     * @param throughput of merged lists for 32 clients, divided by lists of one engine's socket,
     *     each of which has a third of the containers
     * @param same merged lists for 32 clients, divided by how often 32 clients got the same
     *     containers from the sockets of the three engines
     * @param errors of 64 clients
     */
    record Result(
            double slowest,
            double atOnce,
            double merged,
            double throughput,
            double same,
            long errors) {}

    private final List<DockerHost> hosts;
    private final List<RunningAgent> agents = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final String credentials;
    private final SSLContext tls;

    ClusterBenchmark(List<DockerHost> hosts, Path home, SSLContext tls) throws Exception {
        this.hosts = hosts;
        this.tls = tls;
        this.credentials =
                TestKey.create().headers(SECRET).entrySet().stream()
                        .map(h -> h.getKey() + ": " + h.getValue() + "\r\n")
                        .collect(Collectors.joining());
        for (int i = 0; i < hosts.size(); i++) {
            try (ServerSocket socket = new ServerSocket(0)) {
                ports.add(socket.getLocalPort());
            }
        }
        for (int i = 0; i < hosts.size(); i++) {
            agents.add(RunningAgent.start(home, environment(i)));
        }
    }

    private Map<String, String> environment(int index) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DOCKER_HOST", hosts.get(index).endpoint());
        environment.put("AGENT_PORT", String.valueOf(ports.get(index)));
        environment.put("AGENT_SECRET", SECRET);
        environment.put(
                "AGENT_CLUSTER_ADDR",
                ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
        environment.put("AGENT_JAVA_OPTIONS", "-XX:AOTMode=on");
        return environment;
    }

    Result run(int warmUp, int requests, int seconds) throws Exception {
        int nodes = hosts.size();
        double[][] own = new double[nodes][requests];
        double[] together = new double[requests];
        double[] merged = new double[requests];
        List<HttpWire> sockets = new ArrayList<>();
        for (DockerHost host : hosts) {
            sockets.add(HttpWire.unix(host.socket()));
        }
        try (HttpWire agent = HttpWire.tls(tls, ports.getFirst());
                ExecutorService threads = Executors.newFixedThreadPool(nodes)) {
            for (int i = 0; i < warmUp + requests; i++) {
                int at = Math.max(0, i - warmUp);
                for (int node = 0; node < nodes; node++) {
                    HttpWire socket = sockets.get(node);
                    own[node][at] = milliseconds(() -> socket.get(PATH, ""));
                }
                together[at] =
                        milliseconds(
                                () ->
                                        threads.invokeAll(
                                                sockets.stream()
                                                        .<Callable<Long>>map(
                                                                socket ->
                                                                        () -> socket.get(PATH, ""))
                                                        .toList()));
                merged[at] = milliseconds(() -> agent.get(PATH, credentials));
            }
        } finally {
            for (HttpWire socket : sockets) {
                socket.close();
            }
        }
        double slowest =
                Arrays.stream(own).mapToDouble(ClusterBenchmark::median).max().orElseThrow();
        Load socket =
                load(32, seconds, () -> List.of(HttpWire.unix(hosts.getFirst().socket())), "");
        Load all = load(32, seconds, this::sockets, "");
        Load agent = load(32, seconds, this::agent, credentials);
        Load crowd = load(64, seconds, this::agent, credentials);
        System.out.printf(
                Locale.ROOT,
                "32 clients: one socket %d, three %d, merged %d; 64 clients: merged %d, errors %d"
                        + " (in %d s)%n",
                socket.answers(),
                all.answers(),
                agent.answers(),
                crowd.answers(),
                crowd.errors(),
                seconds);
        return new Result(
                slowest,
                median(together),
                median(merged),
                agent.answers() / (double) socket.answers(),
                agent.answers() / (double) all.answers(),
                crowd.errors());
    }

    private List<HttpWire> agent() throws Exception {
        return List.of(HttpWire.tls(tls, ports.getFirst()));
    }

    private List<HttpWire> sockets() throws Exception {
        List<HttpWire> sockets = new ArrayList<>();
        for (DockerHost host : hosts) {
            sockets.add(HttpWire.unix(host.socket()));
        }
        return sockets;
    }

    private record Load(long answers, long errors) {}

    private static Load load(
            int clients, int seconds, Callable<List<HttpWire>> connect, String headers)
            throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            List<Future<Load>> results = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                results.add(threads.submit(() -> client(connect, headers, end)));
            }
            long answers = 0;
            long errors = 0;
            for (Future<Load> result : results) {
                answers += result.get().answers();
                errors += result.get().errors();
            }
            return new Load(answers, errors);
        }
    }

    /** An answer is one list from each server that it has connected to, one after the other. */
    private static Load client(Callable<List<HttpWire>> connect, String headers, long end) {
        long answers = 0;
        List<HttpWire> wires = List.of();
        try {
            wires = connect.call();
            while (System.nanoTime() < end) {
                for (HttpWire wire : wires) {
                    wire.get(PATH, headers);
                }
                answers++;
            }
            return new Load(answers, 0);
        } catch (Exception e) {
            System.out.println("a client failed: " + e);
            return new Load(answers, 1);
        } finally {
            wires.forEach(ClusterBenchmark::close);
        }
    }

    private static void close(HttpWire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            System.out.println("a connection could not be closed: " + e);
        }
    }

    private static double milliseconds(Callable<?> call) throws Exception {
        long start = System.nanoTime();
        call.call();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        agents.forEach(RunningAgent::close);
    }
}
