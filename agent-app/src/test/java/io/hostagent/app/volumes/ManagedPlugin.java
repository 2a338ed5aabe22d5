// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.Project;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.DockerHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The agent as a managed plugin of an engine of the lab, which has the agent's image. */
final class ManagedPlugin {

    static final String NAME = "managed-it";

    /** Of the host; {@code /var/lib/host-agent} to the plugin. */
    static final String HOME = "/srv/managed";

    private static final String IMAGE = "lab/workload:1";
    private static final String SECRET = "the-secret-of-a-test";
    private static final int PORT = 9449;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final DockerHost host;
    private final DockerCli cli;
    private final Map<String, String> headers = TestKey.create().headers(SECRET);

    ManagedPlugin(DockerHost host) {
        this.host = host;
        this.cli = host.cli().withTimeout(LIMIT);
    }

    /** Makes it as an operator does, and says what has to be said before it runs. */
    void create() {
        script();
        on("mkdir", "-p", HOME);
        ok(
                "plugin",
                "set",
                NAME,
                "home.source=" + HOME,
                "AGENT_SECRET=" + SECRET,
                "AGENT_PORT=" + PORT,
                "VOLUMES_BACKEND=directory");
    }

    private void script() {
        ProcessBuilder script =
                new ProcessBuilder(
                                Project.root().resolve("packaging/plugin").toString(),
                                AgentImage.NAME,
                                NAME)
                        .redirectErrorStream(true);
        script.environment().put("DOCKER_HOST", host.endpoint());
        script.environment()
                .compute("PATH", (name, path) -> cli.program().getParent() + ":" + path);
        try {
            Process process = script.start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError("packaging/plugin: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Has the engine run it; how long that takes. */
    Duration enable() {
        CommandResult enabled = cli.run("plugin", "enable", NAME).orThrow();
        Awaitility.await().atMost(LIMIT).until(() -> api().answers());
        return enabled.duration();
    }

    /** Has the engine run it no more, be it in use or not. */
    void disable() {
        ok("plugin", "disable", "--force", NAME);
    }

    /** Takes it away from the engine, with all that the engine keeps of it. */
    void remove() {
        ok("plugin", "rm", "--force", NAME);
    }

    /** SIGKILL; the engine starts it again. */
    void kill() {
        on(
                "sh",
                "-c",
                "for p in /proc/[0-9]*; do"
                        + " grep -qs VOLUMES_PROPAGATED_PATH $p/environ && kill -KILL ${p#/proc/};"
                        + " done; true");
        Awaitility.await().atMost(LIMIT).until(() -> !api().answers());
    }

    /** Leaves the host as it was. */
    void clean() {
        String containers = cli.run("ps", "--all", "--quiet", "--filter=label=" + NAME).out();
        containers.lines().forEach(id -> cli.run("rm", "--force", id));
        cli.run("plugin", "disable", "--force", NAME);
        cli.run("plugin", "rm", "--force", NAME);
        on("rm", "-rf", HOME);
    }

    VolumesApi api() {
        return new VolumesApi(host.address() + ":" + PORT, headers);
    }

    /** Whether it is there and serves a volume. */
    boolean knows(String volume) {
        return api().answers() && api().text("GET", "/v2/volumes/" + volume, "").startsWith("200 ");
    }

    /** Runs a shell line in a new container with a volume at {@code /d}; what it printed. */
    String in(String volume, String script) {
        return run(volume, "--rm", IMAGE, "sh", "-c", script);
    }

    /** Starts a container that writes a line each second to its volume, whatever happens to it. */
    void startWriter(String name, String volume) {
        run(
                volume,
                "--detach",
                "--restart=always",
                "--name=" + name,
                IMAGE,
                "sh",
                "-c",
                "while :; do date >>/d/lines; sleep 1; done");
    }

    private String run(String volume, String... words) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--network=none",
                                "--label=" + NAME,
                                "--volume-driver=" + NAME,
                                "--volume=" + volume + ":/d"));
        line.addAll(List.of(words));
        return ok(line.toArray(String[]::new));
    }

    /** Runs the docker client, which has to succeed; what it printed. */
    String ok(String... arguments) {
        CommandResult result = cli.run(arguments);
        if (!result.succeeded()) {
            throw new AssertionError("docker " + String.join(" ", arguments) + ": " + result);
        }
        return result.out().strip();
    }

    /** Runs a command on the host, which has to succeed; what it printed. */
    String on(String... command) {
        return host.exec(command).orThrow().out().strip();
    }

    /** Where the host has a volume's files. */
    String tree(String volume) {
        return HOME
                + "/volumes/pools/directory/"
                + api().volume(volume).path("id").asString()
                + "/tree/_data";
    }

    /** How many lines a writer has written so far. */
    int lines(String volume) {
        return Integer.parseInt(
                on("sh", "-c", "cat " + tree(volume) + "/lines 2>/dev/null | wc -l"));
    }

    /** The places at which the host has a volume mounted. */
    List<String> places(String volume) {
        String id = api().volume(volume).path("id").asString();
        return on("cat", "/proc/1/mountinfo")
                .lines()
                .map(line -> line.split(" ", -1)[4])
                .filter(point -> point.endsWith("/" + id))
                .distinct()
                .toList();
    }
}
