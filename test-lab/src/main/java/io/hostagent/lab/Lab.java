// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The lab of this machine, by way of its script. Hosts started here belong to this process: once it
 * is gone, another may replace them.
 *
 * @param script the {@code lab} script
 * @param number which lab; two labs of different numbers do not see each other
 */
public record Lab(Path script, int number) {

    private static final Duration INSTALL = Duration.ofMinutes(20);
    private static final Duration ACTION = Duration.ofMinutes(4);
    private static final long CAP_SYS_ADMIN = 1L << 21;

    /**
     * Whether the lab can run here.
     *
     * @param yes whether it can
     * @param reason why it cannot, empty if it can
     */
    public record Availability(boolean yes, String reason) {}

    /** Looks whether the lab can run here, without starting anything. */
    public static Availability available() {
        return obstacle()
                .map(reason -> new Availability(false, reason))
                .orElseGet(() -> new Availability(true, ""));
    }

    /**
     * The lab with the number of the environment variable LAB_NUMBER, else 0, with its engines
     * installed.
     */
    public static Lab open() {
        String number = System.getenv("LAB_NUMBER");
        return open(number == null ? 0 : Integer.parseInt(number));
    }

    /** The lab of a number from 0 to 9, with its engines installed. */
    public static Lab open(int number) {
        obstacle()
                .ifPresent(
                        reason -> {
                            throw new LabException("The test lab cannot run here: " + reason);
                        });
        Lab lab = new Lab(findScript().orElseThrow(), number);
        lab.run(INSTALL, List.of("install"));
        return lab;
    }

    private static Optional<String> obstacle() {
        String system = System.getProperty("os.name", "");
        if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return Optional.of("it needs Linux, this is " + system);
        }
        if (findScript().isEmpty()) {
            return Optional.of("no test-lab/lab in or above the working directory; set LAB_SCRIPT");
        }
        if (!statusLine("Uid:").startsWith("0\t")) {
            return Optional.of("it needs root");
        }
        if ((Long.parseUnsignedLong(statusLine("CapEff:"), 16) & CAP_SYS_ADMIN) == 0) {
            return Optional.of("it needs the capability SYS_ADMIN (a privileged container)");
        }
        if (!Files.isWritable(Path.of("/sys/fs/cgroup/freezer"))
                && !Files.isWritable(Path.of("/sys/fs/cgroup/cgroup.procs"))) {
            return Optional.of("there is no cgroup tree to write to at /sys/fs/cgroup");
        }
        if (onPath("debootstrap") || onPath("apt-get")) {
            return Optional.empty();
        }
        return Optional.of("it needs debootstrap, or apt-get to install it");
    }

    private static String statusLine(String key) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()).strip())
                    .findFirst()
                    .orElse("0");
        } catch (IOException e) {
            throw new LabException("Could not read /proc/self/status", e);
        }
    }

    private static boolean onPath(String program) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static Optional<Path> findScript() {
        String given = System.getProperty("lab.script", System.getenv("LAB_SCRIPT"));
        if (given != null) {
            return Optional.of(Path.of(given)).filter(Files::isExecutable);
        }
        return Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
                .map(folder -> folder.resolve("test-lab").resolve("lab"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts a host with a new disk.
     *
     * @param name a letter, then at most nine letters, digits or dashes
     * @param engine {@code 20} or {@code 26}
     * @param options further options of {@code lab host start}, such as {@code --bind}
     */
    public DockerHost start(String name, String engine, String... options) {
        List<String> arguments = new ArrayList<>(List.of("host", "start", name));
        arguments.addAll(List.of("--engine", engine));
        arguments.addAll(List.of(options));
        return toHost(fields(run(ACTION, arguments)), engine);
    }

    /** Makes the hosts nodes of one Swarm; does nothing if they are. */
    public DockerSwarm swarm(List<DockerHost> hosts, int managers) {
        List<String> arguments = new ArrayList<>(List.of("swarm"));
        hosts.forEach(host -> arguments.add(host.name()));
        arguments.addAll(List.of("--managers", Integer.toString(managers)));
        run(ACTION, arguments);
        return new DockerSwarm(hosts, managers);
    }

    /** Loads {@code lab/workload:1}, a BusyBox. */
    public void loadWorkloadImage(DockerHost... hosts) {
        load("workload-image", hosts);
    }

    /** Loads {@code lab/base:1}, a small Debian, and {@code lab/jdk:25}, a JDK on top of it. */
    public void loadBaseImages(DockerHost... hosts) {
        load("base-image", hosts);
    }

    private void load(String image, DockerHost... hosts) {
        List<String> arguments = new ArrayList<>(List.of(image));
        Stream.of(hosts).map(DockerHost::name).forEach(arguments::add);
        run(INSTALL, arguments);
    }

    /** Takes a host away, with its disk. */
    public void remove(DockerHost host) {
        host("remove", host.name());
    }

    /** Takes everything of this lab away. */
    public void down() {
        run(ACTION, List.of("down"));
    }

    /** The docker client of an engine's version, {@code 20} or {@code 26}. */
    public Path client(String version) {
        return Path.of(run(ACTION, List.of("cli", version)).out().strip());
    }

    /** The folder of the compose and buildx plugins that go with a client. */
    public Path plugins(String version) {
        return Path.of(run(ACTION, List.of("cli", version, "--plugins")).out().strip());
    }

    /**
     * A program that the lab got from Debian: {@code prometheus}, {@code promtool} or {@code
     * prometheus-node-exporter}. It runs on this machine and, at the same path, on a host that the
     * folder above its own is bound into.
     */
    public Path program(String name) {
        return Path.of(run(ACTION, List.of("program", name)).out().strip());
    }

    /** A client of a version with its plugins, pointed at an endpoint. */
    public DockerCli cli(String version, String endpoint) {
        return DockerCli.of(client(version), Optional.of(plugins(version)), endpoint);
    }

    CommandResult exec(String name, List<String> command, Duration timeout) {
        return inHost(name, command).run(new byte[0], timeout);
    }

    RunningCommand startIn(String name, List<String> command) {
        return inHost(name, command).start();
    }

    private Command inHost(String name, List<String> command) {
        List<String> arguments = new ArrayList<>(List.of("exec", name));
        arguments.addAll(command);
        return command(arguments);
    }

    void host(String verb, String name) {
        run(ACTION, List.of("host", verb, name));
    }

    List<String> describe(String name) {
        return fields(run(ACTION, List.of("host", "info", name)));
    }

    private static List<String> fields(CommandResult result) {
        return List.of(result.out().strip().split(" "));
    }

    private DockerHost toHost(List<String> fields, String engine) {
        return new DockerHost(
                this, fields.get(0), fields.get(1), Path.of(fields.get(2)), fields.get(3), engine);
    }

    /** Runs the script; whatever goes wrong is an exception with what the script said. */
    CommandResult run(Duration timeout, List<String> arguments) {
        CommandResult result = command(arguments).run(new byte[0], timeout);
        if (!result.succeeded()) {
            throw new LabException("lab " + String.join(" ", arguments) + ": " + result);
        }
        return result;
    }

    Command command(List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(script.toString()));
        line.addAll(arguments);
        // A host without an owner is nobody's to replace: it is kept.
        String owner = keepsHosts() ? "" : Long.toString(ProcessHandle.current().pid());
        return Command.of(line)
                .with("LAB_NUMBER", Integer.toString(number))
                .with("LAB_OWNER", owner);
    }

    /** Whether the developer wants the hosts of the annotations to outlive this process. */
    static boolean keepsHosts() {
        return "1".equals(System.getenv("LAB_KEEP"));
    }
}
