// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.lab.DockerHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/**
 * Scrapes of an agent on a host of the lab with more and more containers, and of node_exporter on
 * the same host in the same run. Each container has a network of its own, so the host has a cable
 * for each.
 */
final class MetricsBenchmark implements AutoCloseable {

    private static final String TOKEN = "a-token-of-the-benchmark";
    private static final String HEADERS =
            "Authorization: Bearer "
                    + TOKEN
                    + "\r\nAccept: text/plain;version=0.0.4\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n";
    private static final String GZIP = HEADERS + "Accept-Encoding: gzip\r\n";

    private static final String ALL = "/metrics";
    private static final String HOST = "/metrics/node";
    private static final String OTHER = "/v2/health/live";

    private static final int PORT = 9491;
    private static final int PORT_WITHOUT = 9492;
    private static final int REFERENCE_PORT = 9493;
    private static final Duration START = Duration.ofSeconds(60);

    /** An agent keeps an answer for 0.9 s; Prometheus asks every 15 s or so. */
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final int TRACED = 10;

    /** The first scrapes load classes. */
    private static final int WARM = 30;

    /** What a collection of the young generation took away, in the JVM's log. */
    private static final Pattern COLLECTED = Pattern.compile("DefNew: (\\d+)K\\(\\d+K\\)->(\\d+)K");

    private final DockerHost host;
    private final SSLContext tls;
    private final Path collections;
    private final HostProcess agent;
    private final HostProcess without;
    private final HostProcess reference;
    private int containers;

    /**
     * Starts the servers.
     *
     * @param home where the agent is laid out, on the host too
     * @param exporter node_exporter, on the host too
     * @param scratch a folder of this machine that is there on the host too
     */
    MetricsBenchmark(DockerHost host, Path home, Path exporter, Path scratch, SSLContext tls) {
        this.host = host;
        this.tls = tls;
        collections = scratch.resolve("collections");
        agent =
                agent(
                        home,
                        PORT,
                        "1",
                        scratch.resolve("data"),
                        "-Xlog:gc+heap:file=" + collections);
        without = agent(home, PORT_WITHOUT, "0", scratch.resolve("data-without"), "");
        reference =
                HostProcess.start(
                        host,
                        List.of(
                                exporter.toString(),
                                "--web.listen-address=:" + REFERENCE_PORT,
                                "--web.disable-exporter-metrics"));
        for (int port : List.of(PORT, PORT_WITHOUT)) {
            await(agent, () -> HttpWire.tls(tls, host.address(), port));
        }
        await(reference, () -> HttpWire.tcp(host.address(), REFERENCE_PORT));
    }

    private HostProcess agent(Path home, int port, String metrics, Path data, String options) {
        return HostProcess.start(
                host,
                List.of(
                        "env",
                        "CAP_METRICS=" + metrics,
                        "AGENT_METRICS_TOKEN=" + TOKEN,
                        "AGENT_HOST=0.0.0.0",
                        "AGENT_PORT=" + port,
                        "DATA_PATH=" + data,
                        // A cache that the JVM does not take is an error here.
                        "AGENT_JAVA_OPTIONS=-XX:AOTMode=on " + options,
                        home.resolve("bin/agent").toString()));
    }

    private static void await(HostProcess process, Callable<HttpWire> connect) {
        Awaitility.await(process.output())
                .atMost(START)
                .ignoreExceptions()
                .until(
                        () -> {
                            try (HttpWire _ = connect.call()) {
                                return true;
                            }
                        });
    }

    /**
     * What one kind of scrapes costs.
     *
     * @param p50 in milliseconds
     * @param p99 in milliseconds
     * @param cpu of the server for one scrape, in milliseconds
     * @param bytes of a compressed answer
     */
    record Cost(double p50, double p99, double cpu, long bytes) {}

    /**
     * What was measured with so many containers.
     *
     * @param all of the agent
     * @param node the host's part of it
     * @param exporter node_exporter
     * @param raw bytes of the whole answer, not compressed
     * @param allocated on the heap for one scrape, in megabytes
     */
    record Result(Cost all, Cost node, Cost exporter, long raw, double allocated) {}

    /** Starts containers until there are so many. */
    void fill(int wanted) {
        for (; containers < wanted; containers++) {
            host.cli()
                    .run(
                            "run",
                            "--detach",
                            "--name=sleep" + containers,
                            "lab/workload:1",
                            "sleep",
                            "100000")
                    .orThrow();
        }
    }

    /** Measures with the containers that are there. */
    Result run(int warmUp, int scrapes) throws Exception {
        try (HttpWire wire = HttpWire.tls(tls, host.address(), PORT);
                HttpWire exporter = HttpWire.tcp(host.address(), REFERENCE_PORT)) {
            for (int i = 0; i < warmUp; i++) {
                pause(BETWEEN);
                wire.get(ALL, GZIP);
                exporter.get(ALL, GZIP);
            }
            double before = allocated();
            Cost all = cost(agent, scrapes, () -> wire.get(ALL, GZIP));
            double allocation = (allocated() - before) / scrapes;
            Cost node = cost(agent, scrapes, () -> wire.get(HOST, GZIP));
            Cost other = cost(reference, scrapes, () -> exporter.get(ALL, GZIP));
            return new Result(all, node, other, raw(), allocation);
        }
    }

    /** On another connection: an agent closes one that was idle for as long as the others take. */
    private long raw() throws Exception {
        pause(BETWEEN);
        try (HttpWire wire = HttpWire.tls(tls, host.address(), PORT)) {
            return wire.get(ALL, HEADERS);
        }
    }

    private static Cost cost(HostProcess server, int scrapes, Callable<Long> scrape)
            throws Exception {
        double[] times = new double[scrapes];
        long bytes = 0;
        double before = server.cpuMillis();
        for (int i = 0; i < scrapes; i++) {
            pause(BETWEEN);
            long start = System.nanoTime();
            bytes = scrape.call();
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        double cpu = (server.cpuMillis() - before) / scrapes;
        Arrays.sort(times);
        return new Cost(times[scrapes / 2], times[scrapes * 99 / 100], cpu, bytes);
    }

    /** Megabytes that were allocated until the last collection. */
    private double allocated() throws IOException {
        long kilobytes = 0;
        long left = 0;
        Matcher collected = COLLECTED.matcher(Files.readString(collections));
        while (collected.find()) {
            kilobytes += Long.parseLong(collected.group(1)) - left;
            left = Long.parseLong(collected.group(2));
        }
        return kilobytes / 1e3;
    }

    /**
     * Counts the calls of all threads to the kernel for one scrape; NaN without strace. A scrape
     * takes much longer then, so nothing else is measured.
     */
    double calls() throws Exception {
        try (HttpWire wire = HttpWire.tls(tls, host.address(), PORT)) {
            for (int i = 0; i < WARM; i++) {
                pause(BETWEEN);
                wire.get(ALL, GZIP);
            }
            return calls(() -> wire.get(ALL, GZIP));
        }
    }

    private double calls(Callable<Long> scrape) throws Exception {
        Path counts = Files.createTempFile("calls", ".txt");
        Process trace;
        try {
            trace =
                    new ProcessBuilder(
                                    "strace",
                                    "-c",
                                    "-f",
                                    "-q",
                                    "-o",
                                    counts.toString(),
                                    "-p",
                                    Long.toString(agent.pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            return Double.NaN; // There is no strace.
        }
        pause(BETWEEN.multipliedBy(2));
        for (int i = 0; i < TRACED; i++) {
            pause(BETWEEN);
            scrape.call();
        }
        // At an interrupt it lets go and writes down what it has counted.
        new ProcessBuilder("kill", "-INT", Long.toString(trace.pid())).start().waitFor();
        if (!trace.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("strace does not end");
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(counts));
        Files.delete(counts);
        return lines.stream()
                .filter(line -> line.endsWith(" total"))
                .map(line -> List.of(line.strip().split("\\s+", -1)))
                .mapToDouble(fields -> Double.parseDouble(fields.get(3)) / TRACED)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Processor time of the agent while nobody asks for anything, in percent of one processor. */
    double idle() throws IOException {
        pause(BETWEEN.multipliedBy(10));
        double before = agent.cpuMillis();
        pause(IDLE);
        return (agent.cpuMillis() - before) * 100 / IDLE.toMillis();
    }

    /**
     * Resident megabytes of the agent more than of one without metrics that was asked as often for
     * something else: what an agent keeps for having been asked is not what metrics cost.
     *
     * @param times how often
     */
    double memory(int times) throws Exception {
        try (HttpWire wire = HttpWire.tls(tls, host.address(), PORT_WITHOUT)) {
            for (int i = 0; i < times; i++) {
                wire.get(OTHER, HEADERS);
            }
        }
        return agent.residentMegabytes() - without.residentMegabytes();
    }

    /** Resident megabytes of the reference. */
    double referenceMemory() throws IOException {
        return reference.residentMegabytes();
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Override
    public void close() {
        agent.close();
        without.close();
        reference.close();
    }
}
