// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.hostagent.app.fixture.Faketime;
import io.hostagent.app.fixture.Project;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.Lab;
import io.hostagent.lab.RunningCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The packaged agent as a service of a host of its own in the lab, with volumes on. The host has a
 * pool on btrfs; closing the agent takes the host away.
 */
final class VolumesAgent implements AutoCloseable {

    static final String DRIVER = "hostagent";
    static final String IMAGE = "lab/workload:1";

    /** {@code VOLUMES_PATH}, on a real disk of the host. */
    static final String HOME = "/srv/volumes";

    /** {@code VOLUMES_BTRFS_PATH}. */
    static final String BTRFS = "/srv/btrfs";

    private static final String HOME_IMAGE = "/srv/home.image";
    private static final String BTRFS_IMAGE = "/srv/btrfs.image";
    static final String SECRET = "the-secret-of-a-test";
    private static final int PORT = 9001;
    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration CLIENT = Duration.ofSeconds(130);

    private final DockerHost host;
    private final DockerCli cli;
    private final Map<String, String> settings;
    private final Map<String, String> headers = TestKey.create().headers(SECRET);
    private Path root;
    private @Nullable RunningCommand process;
    private final Invariants invariants = new Invariants(this);
    private final StringBuilder earlier = new StringBuilder();

    private VolumesAgent(DockerHost host, Map<String, String> settings) {
        this.host = host;
        this.cli = host.cli().withTimeout(CLIENT);
        this.settings = new HashMap<>(settings);
        this.root = host.root();
    }

    /** Starts a new host with an engine, {@code 20} or {@code 26}, and an agent on it. */
    static VolumesAgent start(String engine, Map<String, String> settings) {
        VolumesAgent agent = onNewHost(engine, settings);
        try {
            agent.start();
            return agent;
        } catch (RuntimeException | Error e) {
            agent.removeHost();
            throw e;
        }
    }

    /** The same, and the agent is not started yet. */
    static VolumesAgent onNewHost(
            String engine, Map<String, String> settings, String... hostOptions) {
        Lab lab = Lab.open();
        List<String> options = new ArrayList<>(List.of(hostOptions));
        bind(options, Path.of(System.getProperty("java.home")), "/opt/jdk");
        bind(options, Path.of("target", "agent.jar").toAbsolutePath(), "/opt/agent/agent.jar");
        bind(options, Project.root().resolve("packaging/serve.options"), "/opt/agent/options");
        DockerHost host = lab.start("v" + engine, engine, options.toArray(String[]::new));
        lab.loadWorkloadImage(host);
        VolumesAgent agent = new VolumesAgent(host, settings);
        agent.on("truncate", "--size=2G", BTRFS_IMAGE);
        agent.on("mkfs.btrfs", "--quiet", BTRFS_IMAGE);
        agent.on("mkdir", BTRFS);
        agent.mountPool();
        return agent;
    }

    private static void bind(List<String> options, Path file, String target) {
        options.addAll(List.of("--bind", file + ":" + target));
    }

    /** Mounts the pool on btrfs, as a host does when it boots. */
    void mountPool() {
        on("mount", "-o", "loop", BTRFS_IMAGE, BTRFS);
    }

    /**
     * Makes a disk of its own the folder of all volumes: one that can be full, or stand still.
     *
     * @param type {@code ext4} or {@code btrfs}
     */
    void mountDiskAtHome(String type, String size) {
        on("truncate", "--size=" + size, HOME_IMAGE);
        on("mkfs." + type, "-q", HOME_IMAGE);
        on("mkdir", HOME);
        on("mount", "-o", "loop", HOME_IMAGE, HOME);
    }

    /** Whoever writes below {@link #HOME} now waits, given that it is a disk of its own. */
    void freezeHome() {
        on("fsfreeze", "--freeze", HOME);
    }

    void thawHome() {
        on("fsfreeze", "--unfreeze", HOME);
    }

    /** Waits until something on the host waits for a disk, and goes on doing so. */
    void awaitBlockedThread() {
        String waiting =
                "cat /proc/[0-9]*/task/*/stat 2>/dev/null | sed -n 's/ .*) D .*//p' | sort";
        String twice =
                "%1$s >/tmp/a; sleep 0.3; %1$s >/tmp/b; comm -12 /tmp/a /tmp/b".formatted(waiting);
        Awaitility.await().atMost(PATIENCE).until(() -> !on("sh", "-c", twice).isEmpty());
    }

    /** Sends a signal to the process of the engine. */
    void signalEngine(String signal) {
        on("sh", "-c", "kill -" + signal + " $(cat /run/docker.pid)");
    }

    /** All files below a folder of the host. */
    Set<String> filesBelow(String folder) {
        Path top = file(folder);
        try (Stream<Path> files = Files.walk(top)) {
            return files.map(path -> top.relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the agent and waits until the engine can use it. */
    void start() {
        launch();
        awaitReady();
    }

    /** Starts the agent and does not wait. */
    void launch() {
        if (process != null) {
            earlier.append(process.out()).append(process.err());
        }
        process = host.start(command().toArray(String[]::new));
    }

    /** Waits until it answers people and the engine. */
    void awaitReady() {
        Awaitility.await()
                .atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !running().process().isAlive() || isReady());
        if (!running().process().isAlive()) {
            throw new IllegalStateException("The agent did not start:\n" + log());
        }
    }

    /** Whether it answers people and the engine. */
    boolean isReady() {
        return Files.exists(socket()) && api().answers() && plugin().answers();
    }

    private List<String> command() {
        Map<String, String> variables = new HashMap<>();
        variables.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        variables.put("AGENT_PORT", String.valueOf(PORT));
        variables.put("AGENT_SECRET", SECRET);
        variables.put("DATA_PATH", "/srv/agent-data");
        variables.put("CAP_VOLUMES", "1");
        variables.put("VOLUMES_PATH", HOME);
        variables.put("VOLUMES_BTRFS_PATH", BTRFS);
        variables.put("VOLUMES_BACKEND", "directory");
        variables.putAll(settings);
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        variables.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of("/opt/jdk/bin/java", "@/opt/agent/options", "-jar"));
        command.add("/opt/agent/agent.jar");
        return command;
    }

    /** Sets a variable for the next start. */
    void set(String name, String value) {
        settings.put(name, value);
    }

    /** SIGTERM, and waits for its end. */
    void stop() {
        if (running().process().isAlive()) {
            ProcessHandle java = java();
            java.destroy();
            awaitEnd(java);
        }
    }

    /** SIGKILL. */
    void kill() {
        ProcessHandle java = java();
        java.destroyForcibly();
        awaitEnd(java);
    }

    /** SIGKILL, to an agent of which a thread waits for a disk that stands still. */
    void killWithoutWaiting() {
        java().destroyForcibly();
    }

    /** Waits for the end of one that was killed so. */
    void awaitKilled() {
        Awaitility.await().atMost(STOP).until(() -> !running().process().isAlive());
    }

    /**
     * Gives the next start another time of day.
     *
     * @param shift such as {@code +1d}; empty for the true one
     */
    void setClock(String shift) {
        settings.keySet().removeIf(name -> name.contains("FAKE") || name.equals("LD_PRELOAD"));
        if (shift.isEmpty()) {
            return;
        }
        String library = "/srv/" + Faketime.LIBRARY;
        try {
            Files.copy(Faketime.library(), file(library), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String variable : Faketime.variables(library, shift).split(" ", -1)) {
            String[] pair = variable.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
    }

    /** SIGSTOP: its sockets stay open and silent. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(java().pid()))
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

    private void awaitEnd(ProcessHandle java) {
        Awaitility.await().atMost(STOP).until(() -> !java.isAlive());
        Awaitility.await().atMost(STOP).until(() -> !running().process().isAlive());
    }

    private RunningCommand running() {
        return requireNonNull(process, "the agent was never started");
    }

    private ProcessHandle java() {
        return running()
                .process()
                .descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The agent ended:\n" + log()));
    }

    /** Kills the host with all that runs on it, and boots it from its disk, without an agent. */
    void powerCycle() {
        host.kill();
        host.boot();
        root = host.root();
        mountPool();
    }

    /** Everything that it printed, in all its starts. */
    String log() {
        return earlier + running().out() + running().err();
    }

    Invariants invariants() {
        return invariants;
    }

    DockerHost host() {
        return host;
    }

    /** The docker client of the engine's version. */
    DockerCli cli() {
        return cli;
    }

    /** Runs the docker client, whatever comes of it. */
    CommandResult docker(String... arguments) {
        return cli.run(arguments);
    }

    /** Runs the docker client, which has to succeed; what it printed. */
    String dockerOk(String... arguments) {
        CommandResult result = docker(arguments);
        if (!result.succeeded()) {
            throw new AssertionError(
                    "docker " + String.join(" ", arguments) + ": " + result + "\n" + tail());
        }
        return result.out().strip();
    }

    private String tail() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    /** Runs a shell line in a new container with a volume at {@code /d}; what it printed. */
    String in(String volume, String script) {
        return dockerOk(
                "run",
                "--rm",
                "--network=none",
                "--volume-driver=" + driver(),
                "--volume=" + volume + ":/d",
                IMAGE,
                "sh",
                "-c",
                script);
    }

    /** What users write behind {@code --driver}. */
    String driver() {
        return settings.getOrDefault("VOLUMES_DRIVER", DRIVER);
    }

    /** Creates a volume by the docker client, each option as {@code key=value}. */
    void create(String volume, String... options) {
        List<String> arguments = new ArrayList<>(List.of("volume", "create", "-d", driver()));
        for (String option : options) {
            arguments.addAll(List.of("-o", option));
        }
        arguments.add(volume);
        dockerOk(arguments.toArray(String[]::new));
    }

    /** Runs a command on the host, which has to succeed; what it printed. */
    String on(String... command) {
        return host.exec(command).orThrow().out().strip();
    }

    /** The host's files as this machine sees them. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** What a volume holds, as this machine sees it; it has to be mounted. */
    Path data(String volume) {
        String point = api().volume(volume).path("mountpoint").asString("");
        if (point.isEmpty()) {
            throw new AssertionError(volume + " is not mounted: " + api().volume(volume));
        }
        return file(point);
    }

    /** The files of a volume in its pool, for backends that keep them as files. */
    Path tree(String volume) {
        JsonNode known = api().volume(volume);
        for (JsonNode pool : api().get("/v2/volume-pools")) {
            if (pool.path("backend").equals(known.path("backend"))) {
                return file(pool.path("path").asString())
                        .resolve(known.path("id").asString())
                        .resolve("tree/_data");
            }
        }
        throw new AssertionError("There is no pool for " + known);
    }

    /** Waits until the engine is a process again, whether it answers or not. */
    void awaitEngineProcess() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> host.exec("sh", "-c", "kill -0 $(cat /run/docker.pid)").succeeded());
    }

    /** The mounts of a volume on the host, as the kernel lists them. */
    List<String> mounts(String volume) {
        String id = api().volume(volume).path("id").asString();
        return mountLines().stream().filter(line -> line.contains("mounts/" + id)).toList();
    }

    /** All mounts of volumes on the host. */
    List<String> mountLines() {
        return on("cat", "/proc/1/mountinfo")
                .lines()
                .filter(line -> line.contains(" " + HOME + "/mounts/"))
                .toList();
    }

    VolumesApi api() {
        return new VolumesApi(host.address() + ":" + PORT, headers);
    }

    /** The socket of the plugin, as this machine sees it. */
    Path socket() {
        return file("/run/docker/plugins/" + driver() + "/" + driver() + ".sock");
    }

    PluginWire plugin() {
        return new PluginWire(socket());
    }

    /** A text file of the host. */
    String read(String path) {
        try {
            return Files.readString(file(path), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all containers. */
    void removeContainers() {
        String all = dockerOk("ps", "--all", "--quiet");
        if (!all.isEmpty()) {
            List<String> arguments = new ArrayList<>(List.of("rm", "--force", "--volumes"));
            arguments.addAll(all.lines().toList());
            dockerOk(arguments.toArray(String[]::new));
        }
    }

    void removeHost() {
        host.lab().remove(host);
    }

    @Override
    public void close() {
        RunningCommand last = process;
        removeHost();
        if (last != null) {
            last.close();
        }
    }
}
