// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab itself. Whatever takes hosts away happens in a lab of its own number. */
class LabIT {

    private static final int OWN_NUMBER = 9;

    private static Lab lab() {
        return Lab.open(OWN_NUMBER);
    }

    @BeforeEach
    @AfterEach
    void takeDown() {
        lab().down();
    }

    @Test
    void olderEngineRunsContainers(@LabEngine("20") DockerHost host) {
        runsContainers(host, "20.10.");
    }

    @Test
    void newerEngineRunsContainers(@LabEngine("26") DockerHost host) {
        runsContainers(host, "26.1.");
    }

    private static void runsContainers(DockerHost host, String version) {
        assertThat(host.engineVersion()).startsWith(version);
        DockerCli cli = host.cli();
        assertThat(cli.run("version", "--format", "{{.Client.Version}}").out()).startsWith(version);
        assertThat(
                        cli.run(
                                        new byte[] {'a', 0, 'b'},
                                        List.of("run", "--rm", "-i", "lab/workload:1", "cat"))
                                .orThrow()
                                .stdout())
                .containsExactly('a', 0, 'b');
        CommandResult failed = cli.run("run", "--rm", "lab/workload:1", "sh", "-c", "exit 7");
        assertThat(failed.exitCode()).isEqualTo(7);
        assertThat(cli.run("run", "--rm", "--privileged", "lab/workload:1", "true").orThrow())
                .matches(CommandResult::succeeded);
    }

    @Test
    void runsProgramsInTheNetworkOfAContainer(@LabEngine("26") DockerHost host) {
        String container =
                host.cli()
                        .run("run", "--detach", "--rm", "lab/workload:1", "sleep", "600")
                        .orThrow()
                        .out()
                        .strip();
        try {
            String format = "{{.NetworkSettings.IPAddress}}";
            String address = host.cli().run("inspect", "--format", format, container).out();
            String expected = "inet " + address.strip() + "/";
            assertThat(host.runInNetworkOf(container, "ip", "address").orThrow().out())
                    .contains(expected);
            try (RunningCommand running =
                    host.startInNetworkOf(container, "sh", "-c", "ip address; exec sleep 600")) {
                running.awaitOut(out -> out.contains(expected), Duration.ofSeconds(5));
            }
        } finally {
            host.cli().run("rm", "--force", container).orThrow();
        }
    }

    @Test
    void bothClientsHaveComposeAndBuildx(@LabEngine("26") DockerHost host) {
        for (String version : List.of("20", "26")) {
            DockerCli cli = host.lab().cli(version, host.endpoint());
            assertThat(cli.run("compose", "version").orThrow().out()).contains("2.26");
            assertThat(cli.run("buildx", "version").orThrow().out()).contains("buildx");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void buildsImages(
            String buildkit,
            @TempDir Path context,
            @LabEngine("20") DockerHost older,
            @LabEngine("26") DockerHost newer)
            throws IOException {
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM lab/workload:1\nCOPY file /file\nRUN cat /file > /copy\nCMD cat /copy\n");
        Files.writeString(context.resolve("file"), "content");
        for (DockerHost host : List.of(older, newer)) {
            DockerCli cli = host.cli().in(context).withEnvironment("DOCKER_BUILDKIT", buildkit);
            cli.run("build", "--quiet", "--tag", "built:" + buildkit, ".").orThrow();
            assertThat(cli.run("run", "--rm", "built:" + buildkit).orThrow().out())
                    .isEqualTo("content");
        }
    }

    @Test
    void killsAClientThatRunsTooLong(@LabEngine("26") DockerHost host) {
        DockerCli cli = host.cli().withTimeout(Duration.ofSeconds(2));
        assertThatThrownBy(() -> cli.run("events"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("did not end within");
        try (RunningCommand events = host.cli().start("events", "--filter", "event=start")) {
            host.cli().run("run", "--rm", "lab/workload:1", "true").orThrow();
            events.awaitOut(text -> text.contains("container start"), Duration.ofSeconds(10));
        }
    }

    @Test
    void tasksOfAGlobalServiceReachEachOther(@LabSwarm DockerSwarm swarm) {
        DockerCli manager = swarm.manager().cli();
        manager.run("network", "create", "--driver", "overlay", "wide").orThrow();
        try {
            List<String> service =
                    List.of(
                            "service create --name web --mode global --network wide --quiet"
                                    .split(" "));
            manager.run(
                            new byte[0],
                            Stream.concat(
                                            service.stream(),
                                            Stream.of(
                                                    "--endpoint-mode",
                                                    "dnsrr",
                                                    "lab/workload:1",
                                                    "sh",
                                                    "-c",
                                                    "hostname >/tmp/name; httpd -f -h /tmp"))
                                    .toList())
                    .orThrow();
            for (DockerHost host : swarm.hosts()) {
                assertThat(tasksSeenFrom(host)).as("seen from %s", host.name()).hasSize(3);
            }
        } finally {
            manager.run("service", "rm", "web");
            for (int i = 0; i < 50; i++) {
                if (manager.run("network", "rm", "wide").succeeded()) {
                    break;
                }
            }
        }
    }

    /** The names that the service's tasks tell over HTTP to the task on this host. */
    private static Set<String> tasksSeenFrom(DockerHost host) {
        String task = host.cli().run("ps", "--quiet", "--filter", "name=web").out().strip();
        String script =
                """
                for attempt in 1 2 3 4 5; do
                    addresses=$(nslookup -type=a tasks.web | sed -n 's/^Address: //p')
                    [ "$(echo "$addresses" | wc -l)" -ge 3 ] && break
                    sleep 1
                done
                for address in $addresses; do
                    timeout 5 wget -q -O - http://$address/name
                done
                """;
        CommandResult result = host.cli().run("exec", task, "sh", "-c", script);
        return Set.copyOf(result.out().lines().toList());
    }

    @Test
    void faultsShowAndHeal() throws IOException {
        Lab lab = lab();
        DockerHost host = lab.start("faulty", "26");
        lab.loadWorkloadImage(host);
        DockerCli cli = host.cli().withTimeout(Duration.ofSeconds(5));
        String create = "run -d --name stays --restart always lab/workload:1 sleep 98765";
        cli.run(create.split(" ")).orThrow();

        host.freeze();
        assertThatThrownBy(() -> cli.run("ps")).hasMessageContaining("did not end within");
        assertThat(host.exec("true").err()).contains("is frozen");
        host.thaw();
        cli.run("ps").orThrow();

        assertThat(reachable(host)).isTrue();
        host.cut();
        assertThat(reachable(host)).isFalse();
        cli.run("ps").orThrow();
        host.heal();
        assertThat(reachable(host)).isTrue();

        host.killEngine();
        assertThat(cli.run("ps").exitCode()).isNotZero();
        assertThat(host.exec("pgrep", "-f", "sleep 98765").exitCode()).isZero();
        host.startEngine();
        assertThat(names(cli)).isEqualTo("stays");

        host.stopEngine();
        assertThat(cli.run("ps").exitCode()).isNotZero();
        host.startEngine();

        host.exec("sh", "-c", "echo kept >/srv/file").orThrow();
        host.kill();
        assertThat(host.socket()).doesNotExist();
        assertThat(Leftovers.of(OWN_NUMBER).processes()).isEmpty();
        host.boot();
        assertThat(names(cli)).isEqualTo("stays");
        assertThat(host.exec("cat", "/srv/file").orThrow().out()).isEqualTo("kept\n");
        assertThat(host.root().resolve("srv/file")).hasContent("kept\n");

        lab.remove(host);
        assertThatThrownBy(host::boot).hasMessageContaining("no host 'faulty'");
    }

    private static String names(DockerCli cli) {
        return cli.run("ps", "--format", "{{.Names}}").orThrow().out().strip();
    }

    private static boolean reachable(DockerHost host) throws IOException {
        return InetAddress.getByName(host.address()).isReachable(3000);
    }

    @Test
    void refusesToReplaceARunningHostOfAnotherProcess() {
        Lab lab = lab();
        DockerHost host = lab.start("mine", "20");
        assertThatThrownBy(() -> lab.start("mine", "20")).hasMessageContaining("is running");
        assertThat(lab.start("mine", "20", "--reuse")).isEqualTo(host);
        lab.remove(host);
    }

    @Test
    void downLeavesNothing() throws IOException {
        Lab lab = lab();
        DockerHost one = lab.start("one", "20");
        DockerHost two = lab.start("two", "26");
        lab.loadWorkloadImage(one, two);
        String detached = "run -d --privileged --pid host lab/workload:1 sleep 1d";
        one.cli().run(detached.split(" ")).orThrow();
        two.cli().run(detached.split(" ")).orThrow();
        two.cli().run("pause", two.cli().run("ps", "-q").out().strip()).orThrow();
        two.freeze();
        one.exec(
                        "sh",
                        "-c",
                        "truncate -s 150M /srv/disk && mkfs.btrfs -q /srv/disk && mkdir /mnt/b"
                                + " && mount -o loop /srv/disk /mnt/b")
                .orThrow();
        Leftovers running = Leftovers.of(OWN_NUMBER);
        assertThat(running.processes()).hasSizeGreaterThan(8);
        assertThat(running.networkNamespaces()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(running.interfaces()).hasSize(3);
        assertThat(loopFiles()).anyMatch(file -> file.contains("/srv/disk"));
        lab.down();
        assertThat(Leftovers.of(OWN_NUMBER)).isEqualTo(Leftovers.NONE);
        assertThat(Leftovers.inhabitedNetworkNamespaces())
                .doesNotContainAnyElementsOf(running.networkNamespaces());
        assertThat(loopFiles()).noneMatch(file -> file.contains("/srv/disk"));
        lab.down();
    }

    private static List<String> loopFiles() throws IOException {
        try (var devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            List<String> files = new ArrayList<>();
            for (Path device : devices) {
                Path file = device.resolve("loop/backing_file");
                if (Files.exists(file)) {
                    files.add(Files.readString(file));
                }
            }
            return files;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 120, 160, 200, 260, 330, 420, 600, 1000})
    void downCleansUpAfterAKilledStart(int millis) throws Exception {
        Lab lab = lab();
        List<String> start = List.of("host", "start", "torn", "--engine", "26");
        RunningCommand running = lab.command(start).start();
        running.process().waitFor(millis, TimeUnit.MILLISECONDS);
        running.process().destroyForcibly().waitFor();
        lab.down();
        assertThat(Leftovers.of(OWN_NUMBER)).isEqualTo(Leftovers.NONE);
    }

    @Test
    void startsAgainOverWhatAKilledStartLeft() throws Exception {
        Lab lab = lab();
        List<String> start = List.of("host", "start", "again", "--engine", "26");
        RunningCommand running = lab.command(start).with("LAB_OWNER", "").start();
        Path disk = Path.of("/var/lib/host-agent-lab-9/hosts/again");
        // The last that is written before the host is booted.
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(disk.resolve("engine")));
        running.process().destroyForcibly().waitFor();
        // As if the process that had started it was gone.
        Files.writeString(disk.resolve("owner"), "1 0\n");
        DockerHost host = lab.start("again", "26");
        host.cli().run("version").orThrow();
        lab.remove(host);
    }
}
