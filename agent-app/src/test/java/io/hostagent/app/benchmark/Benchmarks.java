// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.Lab;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Runs the proxy's benchmarks, most of them on real engines of the lab: {@code packaging/benchmark
 * [list|save|follow|cluster|merge|files|metrics|volumes|engine-start]...}. Each prints what was
 * reached beside what is wanted. The agent is the one that is laid out in the folder {@code
 * agent.home}, as in the image.
 */
public final class Benchmarks {

    private static final int CONTAINERS = 100;
    private static final int STREAMS = 200;
    private static final int MERGED_LISTS = 10;
    private static final String METRICS_CONTAINERS = "0,100,500";
    private static final int SCRAPES = 100;
    private static final long IMAGE_BYTES = 1_000_000_000;

    private final DockerHost host;
    private final RunningAgent agent;
    private final String credentials;
    private final SSLContext tls = TrustAll.context();

    private Benchmarks(DockerHost host, RunningAgent agent) {
        this.host = host;
        this.agent = agent;
        this.credentials =
                agent.key().headers().entrySet().stream()
                        .map(h -> h.getKey() + ": " + h.getValue() + "\r\n")
                        .collect(Collectors.joining());
    }

    /** Runs the benchmarks that are named, or all of them. */
    public static void main(String[] names) throws Exception {
        List<String> wanted =
                names.length == 0
                        ? List.of(
                                "list",
                                "save",
                                "follow",
                                "cluster",
                                "merge",
                                "files",
                                "metrics",
                                "volumes",
                                "engine-start")
                        : List.of(names);
        if (wanted.contains("merge")) {
            merge(Lab.open());
        }
        if (wanted.contains("files")) {
            files();
        }
        if (wanted.contains("cluster")) {
            cluster(Lab.open());
        }
        if (wanted.contains("metrics")) {
            metrics(Lab.open());
        }
        if (wanted.contains("volumes")) {
            volumes(Lab.open());
        }
        if (wanted.contains("engine-start")) {
            engineStart(Lab.open());
        }
        if (wanted.stream().anyMatch(List.of("list", "save", "follow")::contains)) {
            withEngine(wanted);
        }
    }

    private static void withEngine(List<String> wanted) throws Exception {
        Lab lab = Lab.open();
        DockerHost host = lab.start("bench", System.getProperty("engine", "26"));
        try {
            lab.loadWorkloadImage(host);
            try (RunningAgent agent =
                    RunningAgent.start(
                            Path.of(System.getProperty("agent.home")),
                            Map.of(
                                    "DOCKER_HOST",
                                    "unix://" + host.socket(),
                                    // A cache that the JVM does not take is an error here.
                                    "AGENT_JAVA_OPTIONS",
                                    "-XX:AOTMode=on"))) {
                Benchmarks benchmarks = new Benchmarks(host, agent);
                if (wanted.contains("list")) {
                    benchmarks.list();
                }
                if (wanted.contains("save")) {
                    benchmarks.save();
                }
                if (wanted.contains("follow")) {
                    benchmarks.follow();
                }
            }
        } finally {
            lab.remove(host);
        }
    }

    private static void cluster(Lab lab) throws Exception {
        List<DockerHost> hosts = new ArrayList<>();
        try {
            for (int i = 1; i <= 3; i++) {
                DockerHost host = lab.start("bench" + i, System.getProperty("engine", "26"));
                hosts.add(host);
                lab.loadWorkloadImage(host);
                for (int n = 0; n < CONTAINERS; n++) {
                    host.cli()
                            .run("create", "--name", "list" + n, "lab/workload:1", "sleep", "1000")
                            .orThrow();
                }
            }
            Path home = Path.of(System.getProperty("agent.home"));
            try (ClusterBenchmark benchmark =
                    new ClusterBenchmark(hosts, home, TrustAll.context())) {
                ClusterBenchmark.Result result = benchmark.run(500, 500, 10);
                report("merged list of 3 nodes: p50 in ms", result.merged(), "(see below)");
                report("slowest engine's own: p50 in ms", result.slowest(), "(a reference)");
                report("three engines at once: p50 in ms", result.atOnce(), "(a reference)");
                report(
                        "merged against the slowest own list",
                        result.merged() / result.slowest(),
                        "at most 1.5");
                report("the same, added in ms", result.merged() - result.slowest(), "at most 15");
                report("merged, 32 clients: throughput ratio", result.throughput(), "at least 5");
                report(
                        "the same against as many containers from three sockets",
                        result.same(),
                        "at least 5");
                report("merged, 64 clients: errors", (double) result.errors(), "0");
            }
        } finally {
            hosts.forEach(lab::remove);
        }
    }

    private void list() throws Exception {
        for (int i = 0; i < CONTAINERS; i++) {
            host.cli()
                    .run("create", "--name", "list" + i, "lab/workload:1", "sleep", "1000")
                    .orThrow();
        }
        ListBenchmark.Result result =
                new ListBenchmark(host.socket(), agent.port(), credentials, tls)
                        .run(1_500, 1_000, 3, 10);
        report("list, 1 client: added p50 in ms", result.addedP50(), "at most 0.7");
        report("list, 1 client: added p99 in ms", result.addedP99(), "at most 5");
        report("list, 32 clients: throughput ratio", result.throughput(), "at least 5");
    }

    private void save() throws IOException {
        Path rootfs = Files.createTempDirectory("bench-image");
        Path tar = Files.createTempFile("bench-image", ".tar");
        try {
            writeRandom(rootfs.resolve("random"));
            run("tar", "-C", rootfs.toString(), "-cf", tar.toString(), "random");
            host.cli().run("import", tar.toString(), "bench/large:1").orThrow();
        } finally {
            Files.deleteIfExists(rootfs.resolve("random"));
            Files.deleteIfExists(rootfs);
            Files.deleteIfExists(tar);
        }
        SaveBenchmark.Result result =
                new SaveBenchmark(host.socket(), agent, host.cli()).run("bench/large:1", 6);
        report("save of 1 GB: rate ratio", result.rate(), "at least 0.85");
        report("save of 1 GB: rate ratio of socat", result.socatRate(), "(a reference)");
        report("save of 1 GB: memory grown in MB", result.grownMegabytes(), "less than 16");
    }

    private void follow() throws IOException {
        host.cli()
                .run(
                        "run",
                        "-d",
                        "--name",
                        "talker",
                        "lab/workload:1",
                        "sh",
                        "-c",
                        "while true; do echo tick; sleep 1; done")
                .orThrow();
        double cost = new FollowBenchmark(agent, credentials, tls).run("talker", STREAMS);
        report("200 logs -f at once: memory in MB", cost, "less than 20");
    }

    private static void files() throws Exception {
        Path folder = Files.createTempDirectory("bench-files");
        try (RunningAgent agent =
                RunningAgent.start(
                        Path.of(System.getProperty("agent.home")),
                        Map.of(
                                "CAP_HOST_MANAGEMENT",
                                "1",
                                "AGENT_JAVA_OPTIONS",
                                "-XX:AOTMode=on"))) {
            FilesBenchmark.Result result = new FilesBenchmark(agent, folder).run(5);
            report("get of 1 GB: rate ratio to openssl", result.get(), "at least 0.6");
            report("put of 1 GB: rate ratio to openssl", result.put(), "at least 0.6");
            report("get and put: memory grown in MB", result.grown(), "less than 16");
            report("ls of 100,000 files: seconds", result.list(), "(no mark)");
            report("ls of 100,000 files: memory in MB", result.listGrown(), "less than 16");
        } finally {
            run("rm", "-rf", folder.toString());
        }
    }

    private static List<Integer> containers() {
        String numbers = System.getProperty("containers", METRICS_CONTAINERS);
        return Stream.of(numbers.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static void metrics(Lab lab) throws Exception {
        Path home = Path.of(System.getProperty("agent.home")).toAbsolutePath();
        Path exporter = lab.program("prometheus-node-exporter");
        Path programs =
                Objects.requireNonNull(Objects.requireNonNull(exporter.getParent()).getParent());
        Path scratch = Files.createTempDirectory("bench-metrics");
        DockerHost host =
                lab.start(
                        "bench",
                        System.getProperty("engine", "26"),
                        "--bind",
                        home + ":" + home,
                        "--bind",
                        programs + ":" + programs,
                        "--bind",
                        scratch + ":" + scratch);
        try {
            lab.loadWorkloadImage(host);
            try (MetricsBenchmark benchmark =
                    new MetricsBenchmark(host, home, exporter, scratch, TrustAll.context())) {
                double noContainers = benchmark.calls();
                for (int containers : containers()) {
                    benchmark.fill(containers);
                    scraped(containers, benchmark.run(SCRAPES, SCRAPES));
                    if (containers > 0) {
                        report(
                                containers + " containers: calls to the kernel for each",
                                (benchmark.calls() - noContainers) / containers,
                                "at most 16");
                    }
                }
                report("idle: percent of a processor", benchmark.idle(), "less than 0.1");
                report(
                        "metrics: memory in MB",
                        benchmark.memory(3 * SCRAPES * containers().size()),
                        "at most 30");
                report("node_exporter: memory in MB", benchmark.referenceMemory(), "(a reference)");
            }
        } finally {
            lab.remove(host);
            run("rm", "-rf", scratch.toString());
        }
    }

    private static void volumes(Lab lab) throws Exception {
        Path home = Path.of(System.getProperty("agent.home")).toAbsolutePath();
        Path scratch = Files.createTempDirectory("bench-volumes");
        DockerHost host =
                lab.start(
                        "bench",
                        System.getProperty("engine", "26"),
                        "--bind",
                        home + ":" + home,
                        "--bind",
                        scratch + ":" + scratch);
        try {
            lab.loadWorkloadImage(host);
            try (VolumesBenchmark benchmark = new VolumesBenchmark(host, home, scratch)) {
                VolumesBenchmark.Result result = benchmark.run(1_000, 1_000, 100, 30);
                report("1,000 volumes: Get, p99 in ms", result.get(), "at most 5");
                report("1,000 volumes: List, p99 in ms", result.list(), "at most 5");
                report("Mount, p50 in ms", result.mount(), "at most 30");
                report("Mount of one that is mounted, p50 in ms", result.again(), "(no mark)");
                report("docker run with a volume, p50 in ms", result.own(), "(see below)");
                report("the same with the engine's, p50 in ms", result.engines(), "(a reference)");
                report("idle: percent of a processor", result.idle(), "as without");
                report("the same without volumes", result.idleWithout(), "(a reference)");
                report("volumes: memory in MB", result.memory(), "at most 10");
            }
        } finally {
            lab.remove(host);
            run("rm", "-rf", scratch.toString());
        }
    }

    private static void engineStart(Lab lab) {
        Path home = Path.of(System.getProperty("agent.home")).toAbsolutePath();
        DockerHost host =
                lab.start("bench", System.getProperty("engine", "26"), "--bind", home + ":" + home);
        try {
            lab.loadBaseImages(host);
            EngineStartBenchmark.Result result = new EngineStartBenchmark(host, home).run();
            report("engine start, no volumes: seconds", result.none(), "(a reference)");
            started("agent as a service", result.service(), "at most 10 more");
            started("agent in a container", result.container(), "(no mark)");
        } finally {
            lab.remove(host);
        }
    }

    private static void started(String how, List<Double> seconds, String wanted) {
        for (int i = 0; i < seconds.size(); i++) {
            String what = "engine start, volumes: " + (i + 1) + ", " + how;
            report(what + ": seconds", seconds.get(i), wanted);
        }
    }

    private static void scraped(int containers, MetricsBenchmark.Result result) {
        String what = containers + " containers: ";
        boolean many = containers > 100;
        String limit = containers == 0 ? "(no mark)" : many ? "at most 120" : "at most 30";
        report(what + "scrape, p50 in ms", result.all().p50(), limit);
        report(
                what + "scrape, p99 in ms",
                result.all().p99(),
                many ? "at most 400" : "at most 150");
        report(what + "processor for a scrape in ms", result.all().cpu(), limit);
        report(what + "allocated for a scrape in MB", result.allocated(), "at most 2");
        report(what + "bytes, in kB", result.raw() / 1e3, "(no mark)");
        report(what + "bytes with gzip, in kB", result.all().bytes() / 1e3, "(no mark)");
        report(what + "host's part, p50 in ms", result.node().p50(), "at most 20");
        report(what + "host's part, processor in ms", result.node().cpu(), "(no mark)");
        report(what + "node_exporter, p50 in ms", result.exporter().p50(), "(a reference)");
        report(what + "node_exporter, processor in ms", result.exporter().cpu(), "(a reference)");
        report(
                what + "host's part against node_exporter",
                result.node().cpu() / result.exporter().cpu(),
                "(a ratio of processor time)");
    }

    private static void merge(Lab lab) throws Exception {
        merged("1,000 nodes", ThousandNodes.alone(false, MERGED_LISTS));
        merged("1,000 nodes, TLS", ThousandNodes.alone(true, MERGED_LISTS));
        DockerHost host = lab.start("bench", System.getProperty("engine", "26"));
        try {
            Path home = Path.of(System.getProperty("agent.home"));
            merged(
                    "1,000 nodes, agent",
                    ThousandNodes.agent(host, home, TrustAll.context(), MERGED_LISTS));
        } finally {
            lab.remove(host);
        }
    }

    private static void merged(String what, MergeBenchmark.Result result) {
        report(what + ": first whole list in s", result.first(), "at most 3");
        report(what + ": lists until then", result.attempts(), "1");
        report(what + ": later lists in s", result.later(), "at most 3");
        report(what + ": memory of the first in MB", result.firstGrown(), "less than 64");
        report(what + ": memory of all in MB", result.grown(), "less than 64");
    }

    private static void writeRandom(Path file) throws IOException {
        Random random = new Random(1);
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < IMAGE_BYTES; written += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void report(String what, double value, String wanted) {
        System.out.printf(Locale.ROOT, "%-46s %8.3f   wanted: %s%n", what, value, wanted);
    }
}
