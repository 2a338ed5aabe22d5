// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.lab.DockerHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * How long an engine of the lab takes to start that remembers volumes: with the agent as a service
 * of the host, which is there before the engine, and in a container, which the engine starts after
 * it has asked for its volumes.
 */
final class EngineStartBenchmark {

    private static final String IMAGE = "lab/base:1";
    private static final String CONTAINER = "start-agent";
    private static final String PLUGINS = "/run/docker/plugins";
    private static final int PORT = 9496;
    private static final int VOLUMES = 2;
    private static final Duration START = Duration.ofSeconds(60);

    private final DockerHost host;
    private final Path home;

    /**
     * What was measured, in seconds until the engine answers.
     *
     * @param none of an engine that remembers no volume
     * @param service with one volume, two, and so on, and the agent as a service
     * @param container with as many, and the agent in a container
     */
    record Result(double none, List<Double> service, List<Double> container) {}

    /**
     * Prepares a host that has the image {@value #IMAGE}.
     *
     * @param home where the agent is laid out, on the host too
     */
    EngineStartBenchmark(DockerHost host, Path home) {
        this.host = host;
        this.home = home;
        host.exec("mkdir", "-p", PLUGINS).orThrow();
    }

    Result run() {
        double none = restart();
        List<Double> service;
        try (HostProcess agent = asService("service")) {
            service = withVolumes("service", agent::output);
        }
        asContainer("contained");
        try {
            List<Double> container = withVolumes("contained", this::log);
            return new Result(none, service, container);
        } finally {
            host.cli().run("rm", "--force", "--volumes", CONTAINER);
        }
    }

    private static Map<String, String> settings(String driver) {
        return Map.of(
                "CAP_VOLUMES",
                "1",
                "VOLUMES_DRIVER",
                driver,
                "VOLUMES_PATH",
                folder(driver),
                "AGENT_PORT",
                Integer.toString(PORT),
                "DATA_PATH",
                folder(driver) + "-data");
    }

    private static String folder(String driver) {
        return "/var/lib/start-" + driver;
    }

    private HostProcess asService(String driver) {
        List<String> command = new ArrayList<>(List.of("env"));
        settings(driver).forEach((name, value) -> command.add(name + "=" + value));
        command.add(home.resolve("bin/agent").toString());
        return HostProcess.start(host, command);
    }

    /** The same files in a container, started as the README does it. */
    private void asContainer(String driver) {
        host.exec("mkdir", "-p", folder(driver)).orThrow();
        List<String> line = new ArrayList<>(List.of("run", "--detach", "--name=" + CONTAINER));
        line.addAll(List.of("--restart=always", "--privileged", "--pid=host", "--network=host"));
        settings(driver).forEach((name, value) -> line.add("--env=" + name + "=" + value));
        line.add("--volume=/var/run/docker.sock:/var/run/docker.sock");
        line.add("--volume=" + PLUGINS + ":" + PLUGINS);
        line.add("--volume=/dev:/dev");
        line.add("--volume=" + folder(driver) + ":" + folder(driver) + ":rshared");
        line.add("--volume=" + home + ":" + home + ":ro");
        line.addAll(List.of(IMAGE, home.resolve("bin/agent").toString()));
        host.cli().run(line.toArray(String[]::new)).orThrow();
    }

    private String log() {
        return host.cli().run("logs", CONTAINER).toString();
    }

    /** Restarts the engine with one volume, two, and so on, which it does not remember then. */
    private List<Double> withVolumes(String driver, Supplier<String> log) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 1; i <= VOLUMES; i++) {
            awaitPlugin(driver, log);
            host.cli().run("volume", "create", "--driver", driver, "v" + i).orThrow();
            seconds.add(restart());
        }
        awaitPlugin(driver, log);
        for (int i = 1; i <= VOLUMES; i++) {
            host.cli().run("volume", "rm", "v" + i).orThrow();
        }
        return List.copyOf(seconds);
    }

    private void awaitPlugin(String driver, Supplier<String> log) {
        Path socket = host.root().resolve(Path.of("run/docker/plugins", driver, driver + ".sock"));
        try {
            Awaitility.await().atMost(START).until(() -> listens(socket));
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("The agent does not listen: " + log.get(), e);
        }
    }

    private static boolean listens(Path socket) {
        try {
            HttpWire.unix(socket).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops the engine in good order, and gives the seconds that its start takes. */
    private double restart() {
        host.stopEngine();
        long start = System.nanoTime();
        host.startEngine();
        return (System.nanoTime() - start) / 1e9;
    }
}
