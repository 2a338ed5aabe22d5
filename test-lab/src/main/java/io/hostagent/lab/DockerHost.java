// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One host of the lab, with an engine of its own. It names the host, it does not own it: use {@link
 * Lab#remove} or the annotations to end it.
 *
 * @param lab where it lives
 * @param name its host name, and its name for the {@code lab} script
 * @param address its address, reachable from this machine and from the other hosts
 * @param socket its Docker socket on this machine; the same file across restarts of the engine
 * @param engineVersion as the engine reports it, such as {@code 26.1.5+dfsg1}
 * @param engine the line of engines, {@code 20} or {@code 26}
 */
public record DockerHost(
        Lab lab, String name, String address, Path socket, String engineVersion, String engine) {

    /** The Docker endpoint of this host. */
    public String endpoint() {
        return "unix://" + socket;
    }

    /** The docker client of the same version, pointed at this host's engine. */
    public DockerCli cli() {
        return lab.cli(engine, endpoint());
    }

    /** Stops the engine in good order, and the containers with it; the host stays. */
    public void stopEngine() {
        lab.host("stop", name);
    }

    /** Starts an engine that was stopped or killed, and waits until it answers. */
    public void startEngine() {
        lab.host("engine-start", name);
    }

    /** Kills the engine alone; its containers live on. */
    public void killEngine() {
        lab.host("engine-kill", name);
    }

    /** Stops every process of the host where it stands: connections stay open and silent. */
    public void freeze() {
        lab.host("freeze", name);
    }

    public void thaw() {
        lab.host("thaw", name);
    }

    /** Pulls the network cable. The Docker socket still works: it does not use the network. */
    public void cut() {
        lab.host("cut", name);
    }

    public void heal() {
        lab.host("heal", name);
    }

    /** Loses the host: everything on it is killed at once, its disk is kept. */
    public void kill() {
        lab.host("kill", name);
    }

    /** Starts a lost host from its disk, and waits until the engine answers. */
    public void boot() {
        lab.host("boot", name);
    }

    /** Runs a command in the namespaces of the host, on the host's own files. */
    public CommandResult exec(List<String> command) {
        return lab.exec(name, command, Duration.ofSeconds(60));
    }

    public CommandResult exec(String... command) {
        return exec(List.of(command));
    }

    /** Starts a command in the namespaces of the host and leaves it running. */
    public RunningCommand start(String... command) {
        return lab.startIn(name, List.of(command));
    }

    /** Starts a program of this machine in the network of a container that runs on this host. */
    public RunningCommand startInNetworkOf(String container, String... command) {
        return inNetworkOf(container, command).start();
    }

    /** Runs a program of this machine in the network of a container that runs on this host. */
    public CommandResult runInNetworkOf(String container, String... command) {
        return inNetworkOf(container, command).run(new byte[0], Duration.ofSeconds(60));
    }

    private Command inNetworkOf(String container, String... command) {
        String pid = cli().run("inspect", "--format", "{{.State.Pid}}", container).orThrow().out();
        List<String> line = new ArrayList<>();
        line.add("nsenter");
        line.add("--net=" + root().resolve(Path.of("proc", pid.strip(), "ns", "net")));
        line.addAll(List.of(command));
        return Command.of(line);
    }

    /** The host's file system as this machine sees it; valid until the host is killed. */
    public Path root() {
        return Path.of("/proc", lab.describe(name).get(4), "root");
    }
}
