// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;

/**
 * {@code GET /containers/json} through the agent (TLS, keep-alive) beside the same call on the
 * engine's socket, in alternating rounds of one run: latency with one client, throughput with 32.
 */
final class ListBenchmark {

    private static final int WARM_UP_SECONDS = 25;
    private static final String PATH = "/containers/json?all=1";

    private final Path socket;
    private final int port;
    private final String credentials;
    private final SSLContext tls;

    ListBenchmark(Path socket, int port, String credentials, SSLContext tls) {
        this.socket = socket;
        this.port = port;
        this.credentials = credentials;
        this.tls = tls;
    }

    /**
     * What was measured; times in milliseconds.
     *
     * @param addedP50 median through the agent less the median on the socket
     * @param addedP99 the same at the 99th percentile
     * @param throughput requests per second through the agent divided by those on the socket
     */
    record Result(double addedP50, double addedP99, double throughput) {}

    Result run(int warmUp, int requests, int rounds, int secondsPerRound) throws Exception {
        // A server runs for weeks: what its compiler does in the first half minute is left out.
        rate(() -> HttpWire.tls(tls, port), credentials, WARM_UP_SECONDS);
        double[] direct = new double[requests];
        double[] relayed = new double[requests];
        try (HttpWire unix = HttpWire.unix(socket);
                HttpWire agent = HttpWire.tls(tls, port)) {
            for (int i = 0; i < warmUp; i++) {
                unix.get(PATH, "");
                agent.get(PATH, credentials);
            }
            for (int i = 0; i < requests; i++) {
                direct[i] = milliseconds(() -> unix.get(PATH, ""));
                relayed[i] = milliseconds(() -> agent.get(PATH, credentials));
            }
        }
        Arrays.sort(direct);
        Arrays.sort(relayed);
        print("socket  1 client ", direct);
        print("agent   1 client ", relayed);
        double onSocket = 0;
        double throughAgent = 0;
        for (int round = 0; round < rounds; round++) {
            double s = rate(() -> HttpWire.unix(socket), "", secondsPerRound);
            double a = rate(() -> HttpWire.tls(tls, port), credentials, secondsPerRound);
            System.out.printf(
                    Locale.ROOT, "32 clients: socket %.0f/s, agent %.0f/s, %.3f%n", s, a, a / s);
            onSocket += s;
            throughAgent += a;
        }
        return new Result(
                at(relayed, 0.5) - at(direct, 0.5),
                at(relayed, 0.99) - at(direct, 0.99),
                throughAgent / onSocket);
    }

    private static double rate(Callable<HttpWire> connect, String headers, int seconds)
            throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                counts.add(
                        threads.submit(
                                () -> {
                                    long count = 0;
                                    try (HttpWire wire = connect.call()) {
                                        while (System.nanoTime() < end) {
                                            wire.get(PATH, headers);
                                            count++;
                                        }
                                    }
                                    return count;
                                }));
            }
            long total = 0;
            for (Future<Long> count : counts) {
                total += count.get();
            }
            return total / (double) seconds;
        }
    }

    private static double milliseconds(Callable<?> call) throws Exception {
        long start = System.nanoTime();
        call.call();
        return (System.nanoTime() - start) / 1e6;
    }

    private static void print(String name, double[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%s p50 %.2f ms, p99 %.2f ms%n",
                name,
                at(sorted, 0.5),
                at(sorted, 0.99));
    }

    private static double at(double[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(quantile * sorted.length))];
    }
}
