// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.fixture.TrustAll;
import io.hostagent.lab.DockerHost;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * The volume plugin of an agent on a host of the lab, asked on its socket as an engine asks it, and
 * containers with its volumes beside containers with the engine's own.
 */
final class VolumesBenchmark implements AutoCloseable {

    private static final int PORT = 9494;
    private static final int PORT_WITHOUT = 9495;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final int ASKED = 2_000;
    private static final String DRIVER = "bench";

    private final DockerHost host;
    private final Path socket;
    private final HostProcess agent;
    private final HostProcess without;

    /**
     * What was measured. Times are in milliseconds.
     *
     * @param get p99 of asking for one volume
     * @param list p99 of asking for all of them
     * @param mount p50 of mounting a volume that is not mounted
     * @param again p50 of mounting one that is
     * @param own p50 of running a container with a volume of the agent's
     * @param engines p50 of running one with a volume of the engine's
     * @param idle percent of a processor while nothing happens
     * @param idleWithout the same of an agent without volumes, at the same time
     * @param memory in megabytes more than an agent without volumes
     */
    record Result(
            double get,
            double list,
            double mount,
            double again,
            double own,
            double engines,
            double idle,
            double idleWithout,
            double memory) {}

    /**
     * Starts an agent with volumes and one without.
     *
     * @param home where it is laid out, on the host too
     * @param scratch a folder of this machine that is there on the host too
     */
    VolumesBenchmark(DockerHost host, Path home, Path scratch) {
        this.host = host;
        socket = scratch.resolve("plugins").resolve(DRIVER).resolve(DRIVER + ".sock");
        agent = agent(home, PORT, "1", scratch);
        without = agent(home, PORT_WITHOUT, "0", scratch);
        Awaitility.await(agent.output()).atMost(START).until(() -> Files.exists(socket));
        // Engines look in one folder only.
        host.exec("mkdir", "-p", "/run/docker/plugins");
        host.exec("ln", "-s", socket.toString(), "/run/docker/plugins/" + DRIVER + ".sock");
    }

    private HostProcess agent(Path home, int port, String volumes, Path scratch) {
        return HostProcess.start(
                host,
                List.of(
                        "env",
                        "CAP_VOLUMES=" + volumes,
                        "VOLUMES_DRIVER=" + DRIVER,
                        "VOLUMES_PATH=/var/lib/bench-volumes",
                        "VOLUMES_PLUGIN_PATH=" + scratch.resolve("plugins"),
                        "AGENT_PORT=" + port,
                        "DATA_PATH=" + scratch.resolve("data" + volumes),
                        "AGENT_JAVA_OPTIONS=-XX:AOTMode=on",
                        home.resolve("bin/agent").toString()));
    }

    /** Measures with so many volumes. */
    Result run(int volumes, int calls, int mounts, int containers) throws Exception {
        try (Engine engine = new Engine(socket)) {
            for (int i = 0; i < volumes; i++) {
                engine.call("Create", "{\"Name\":\"volume" + i + "\"}");
            }
            for (int i = 0; i < calls; i++) {
                engine.call("Get", "{\"Name\":\"volume7\"}");
                engine.call("List", "{}");
            }
            double get = p99(calls, i -> engine.call("Get", "{\"Name\":\"volume" + i + "\"}"));
            double list = p99(calls, i -> engine.call("List", "{}"));
            // The first mount makes the files of a volume, and is not what is measured.
            for (int i = 0; i < mounts; i++) {
                engine.call("Mount", mount(i, "first"));
                engine.call("Unmount", mount(i, "first"));
            }
            awaitUnmounted();
            double mounted = p50(mounts, i -> engine.call("Mount", mount(i, "second")));
            double again = p50(mounts, i -> engine.call("Mount", mount(i, "third")));
            for (int i = 0; i < mounts; i++) {
                engine.call("Unmount", mount(i, "second"));
                engine.call("Unmount", mount(i, "third"));
            }
            double[] runs = runs(containers);
            // What an agent keeps for having been asked at all is not what volumes cost.
            ask(agent, PORT);
            ask(without, PORT_WITHOUT);
            pause(Duration.ofSeconds(15));
            double before = agent.cpuMillis();
            double beforeWithout = without.cpuMillis();
            pause(IDLE);
            double idle = agent.cpuMillis() - before;
            double idleWithout = without.cpuMillis() - beforeWithout;
            double memory = agent.residentMegabytes() - without.residentMegabytes();
            double percent = 100.0 / IDLE.toMillis();
            return new Result(
                    get,
                    list,
                    mounted,
                    again,
                    runs[0],
                    runs[1],
                    idle * percent,
                    idleWithout * percent,
                    memory);
        }
    }

    private void ask(HostProcess server, int port) throws Exception {
        try (HttpWire wire = HttpWire.tls(TrustAll.context(), host.address(), port)) {
            for (int i = 0; i < ASKED; i++) {
                wire.get("/v2/health/live", "");
            }
        } catch (IOException e) {
            throw new IOException(server.output(), e);
        }
    }

    private static String mount(int volume, String id) {
        return "{\"Name\":\"volume" + volume + "\",\"ID\":\"" + id + "\"}";
    }

    private void awaitUnmounted() {
        Awaitility.await()
                .atMost(START)
                .until(
                        () ->
                                !host.exec("cat", "/proc/self/mountinfo")
                                        .out()
                                        .contains("/var/lib/bench-volumes/mounts/"));
    }

    /** One of each in turn, so that whatever else happens on the machine happens to both. */
    private double[] runs(int containers) throws Exception {
        host.cli().run("volume", "create", "--driver", DRIVER, "own").orThrow();
        host.cli().run("volume", "create", "engines").orThrow();
        double[] own = new double[containers];
        double[] engines = new double[containers];
        for (int i = -2; i < containers; i++) {
            double first = time(() -> container("own"));
            double second = time(() -> container("engines"));
            if (i >= 0) {
                own[i] = first;
                engines[i] = second;
            }
        }
        Arrays.sort(own);
        Arrays.sort(engines);
        return new double[] {own[containers / 2], engines[containers / 2]};
    }

    private Object container(String volume) {
        return host.cli()
                .run("run", "--rm", "--volume", volume + ":/data", "lab/workload:1", "true")
                .orThrow();
    }

    private interface Call {
        void make(int number) throws Exception;
    }

    private static double p99(int calls, Call call) throws Exception {
        return sorted(calls, call)[calls * 99 / 100];
    }

    private static double p50(int calls, Call call) throws Exception {
        return sorted(calls, call)[calls / 2];
    }

    private static double[] sorted(int calls, Call call) throws Exception {
        double[] times = new double[calls];
        for (int i = 0; i < calls; i++) {
            int number = i;
            times[i] =
                    time(
                            () -> {
                                call.make(number);
                                return true;
                            });
        }
        Arrays.sort(times);
        return times;
    }

    private static double time(Callable<?> call) throws Exception {
        long start = System.nanoTime();
        call.call();
        return (System.nanoTime() - start) / 1e6;
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
    }

    /** A connection that stays open, as an engine's does. */
    private static final class Engine implements AutoCloseable {

        private final SocketChannel channel;
        private final OutputStream out;
        private final DataInputStream in;

        Engine(Path socket) throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            out = Channels.newOutputStream(channel);
            in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
        }

        void call(String name, String body) throws IOException {
            out.write(
                    ("POST /VolumeDriver."
                                    + name
                                    + " HTTP/1.1\r\nHost: \r\nContent-Length: "
                                    + body.length()
                                    + "\r\n\r\n"
                                    + body)
                            .getBytes(UTF_8));
            int length = 0;
            for (String line = line(); !line.isEmpty(); line = line()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            String answer = new String(in.readNBytes(length), UTF_8);
            if (!answer.contains("\"Err\":\"\"") && !answer.contains("\"Volumes\"")) {
                throw new IOException(name + " failed: " + answer);
            }
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
