// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.RemoteAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.core.json.JsonTree;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import io.hostagent.lab.RunningCommand;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the agent in its container says of the host, next to what the host says of itself. The
 * container has another name, network, root and memory limit, so whatever it mixes up shows.
 */
class HostFactsIT {

    private static final String CONTAINER = "host-facts-it";
    private static final String CONTAINER_NAME = "not-the-host";
    private static final int PORT = 9471;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    /** A file system of the host's own, of a size that no other has. */
    private static final String MOUNTED = "/mnt/host-facts";

    private static final long MOUNTED_BYTES = 12_344 * 1024L;

    /** One that is mounted when the agent already runs. */
    private static final String LATE = "/mnt/host-facts-late";

    /** One whose server is there and never says a word. */
    private static final String DEAD = "/mnt/host-facts-dead";

    private static final String MOUNT_ROOT = "--volume=/:/host:ro";
    private static final String ON = "--env=CAP_HOST_MANAGEMENT=1";

    @LabEngine(value = "20", baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost old;

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost current;

    private final TestKey server = TestKey.create();

    @BeforeAll
    static void build() {
        AgentImage.buildOn(current);
        AgentImage.copy(current, List.of(old));
    }

    @AfterEach
    void remove() {
        for (DockerHost host : List.of(old, current)) {
            host.cli().run("rm", "--force", "--volumes", CONTAINER).orThrow();
            for (String folder : List.of(MOUNTED, LATE, DEAD)) {
                host.exec("sh", "-c", "umount -l " + folder + "; rmdir " + folder);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26"})
    void tellsOfTheHostWhatTheHostTellsOfItself(String engine) {
        DockerHost host = host(engine);
        mount(host, MOUNTED);
        start(host, ON, MOUNT_ROOT);
        mount(host, LATE);

        Object facts = facts(host);

        assertThat(JsonTree.text(facts, "host", "name")).isEqualTo(host.name());
        assertThat(JsonTree.text(facts, "kernel", "release")).isEqualTo(on(host, "uname", "-r"));
        assertThat(JsonTree.text(facts, "kernel", "bootTime"))
                .isEqualTo(
                        Instant.ofEpochSecond(
                                        Long.parseLong(
                                                on(
                                                        host,
                                                        "sed",
                                                        "-n",
                                                        "s/^btime //p",
                                                        "/proc/stat")))
                                .toString());
        assertThat(JsonTree.text(facts, "operatingSystem", "name"))
                .isNotNull()
                .isEqualTo(on(host, "sh", "-c", ". /etc/os-release; echo $PRETTY_NAME"));
        assertThat(JsonTree.number(facts, "memory", "totalBytes"))
                .isEqualTo(1024 * Long.parseLong(memoryKilobytes(host)));
        assertThat(JsonTree.number(facts, "cpu", "threads"))
                .isEqualTo(Long.parseLong(on(host, "nproc", "--all")));
        assertThat(JsonTree.text(facts, "containerEngine", "version"))
                .isEqualTo(host.engineVersion());
        assertThat(JsonTree.at(facts, "clock", "synchronised")).isInstanceOf(Boolean.class);
        assertThat(names(facts, "blockDevices")).isEqualTo(disks(host));
        assertFileSystemsOf(facts);
        assertInterfacesOf(host, facts);
    }

    private static void assertFileSystemsOf(Object facts) {
        // Docker mounts what holds its own folder so that later mounts appear in it.
        for (String folder : List.of(MOUNTED, LATE)) {
            Object mounted = item(facts, "fileSystems", "mountPoint", folder);
            assertThat(JsonTree.number(mounted, "sizeBytes")).isEqualTo(MOUNTED_BYTES);
            assertThat(JsonTree.number(mounted, "files")).isPositive();
        }
        assertThat(JsonTree.number(item(facts, "fileSystems", "mountPoint", "/"), "sizeBytes"))
                .isPositive();
        assertThat(JsonTree.list(facts, "fileSystems", "absent")).isEmpty();
    }

    private static void assertInterfacesOf(DockerHost host, Object facts) {
        List<String> names =
                on(host, "sed", "-n", "s/^ *\\([^ ]*\\):.*/\\1/p", "/proc/net/dev")
                        .lines()
                        .toList();
        assertThat(names(facts, "networkInterfaces")).containsExactlyElementsOf(names);
        String address = host.address() + "/24";
        Object network =
                items(facts, "networkInterfaces").stream()
                        .filter(item -> JsonTree.list(item, "addresses").contains(address))
                        .findFirst()
                        .orElseThrow();
        assertThat(JsonTree.text(network, "hardwareAddress"))
                .isEqualTo(
                        on(
                                host,
                                "cat",
                                "/sys/class/net/" + JsonTree.text(network, "name") + "/address"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26"})
    void neverTakesTheContainerForTheHostWhenTheMountIsMissing(String engine) {
        DockerHost host = host(engine);
        start(host, ON);

        Object facts = facts(host);

        assertThat(JsonTree.text(facts, "host", "name")).isEqualTo(host.name());
        assertThat(JsonTree.number(facts, "memory", "totalBytes"))
                .isEqualTo(1024 * Long.parseLong(memoryKilobytes(host)));
        assertThat(names(facts, "blockDevices")).isEqualTo(disks(host));
        for (String part : List.of("networkInterfaces", "fileSystems")) {
            assertThat(JsonTree.at(facts, part, "items")).isNull();
            assertThat(absence(facts, part, "items")).contains("-v /:/host");
        }
        assertThat(absence(facts, "operatingSystem", "name")).contains("-v /:/host");
        assertThat(agent(host).get("/v2/capabilities", server.headers()).body())
                .contains("\"waiting\"", "the host's root is not mounted at /host");
        assertInventory(host);
    }

    @Test
    void answersAtAllPathsOfTheOriginal() {
        start(current, ON, MOUNT_ROOT);

        assertInventory(current);
    }

    private void assertInventory(DockerHost host) {
        for (String path : List.of("/host/info", "/v1/host/info", "/v2/host/info")) {
            HttpResponse<String> answer = agent(host).get(path, server.headers(), ANSWER);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            Object inventory = JsonTree.read(answer.body());
            assertThat(JsonTree.list(inventory, "PCIDevices"))
                    .hasSize(
                            Integer.parseInt(
                                    on(host, "sh", "-c", "ls /sys/bus/pci/devices | wc -l")))
                    .allSatisfy(
                            device -> {
                                assertThat(JsonTree.text(device, "Vendor")).isNotEmpty();
                                assertThat(JsonTree.text(device, "Name")).isNotEmpty();
                            });
            assertThat(JsonTree.list(inventory, "PhysicalDisks"))
                    .isNotEmpty()
                    .allSatisfy(
                            disk -> {
                                assertThat(JsonTree.text(disk, "Vendor")).isNotEmpty();
                                assertThat(JsonTree.number(disk, "Size")).isPositive();
                            });
        }
    }

    @Test
    void isOffUnlessItIsAskedFor() {
        start(current, MOUNT_ROOT);

        HttpResponse<String> answer = agent(current).get("/v2/host/info", server.headers());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("CAP_HOST_MANAGEMENT=1");
    }

    /** As a dead NFS server does to all who ask for its room, and a kill signal does not help. */
    @Test
    void namesAFileSystemThatDoesNotAnswerAndTellsOfTheOthers() {
        current.exec("mkdir", "-p", DEAD).orThrow();
        String mount =
                "exec 3<>/dev/fuse; mount -i -t fuse"
                        + " -o fd=3,rootmode=40000,user_id=0,group_id=0 dead "
                        + DEAD
                        + "; exec sleep 300";
        try (RunningCommand silent = current.start("sh", "-c", mount)) {
            Awaitility.await()
                    .atMost(ANSWER)
                    .until(() -> on(current, "cat", "/proc/mounts").contains(DEAD));
            assertThat(silent).isNotNull();
            start(current, ON, MOUNT_ROOT);

            for (int i = 0; i < 3; i++) {
                Object facts = facts(current);
                assertThat(absence(facts, "fileSystems", DEAD)).contains("does not answer");
                assertThat(item(facts, "fileSystems", "mountPoint", "/")).isNotNull();
            }
        }
    }

    private void start(DockerHost host, String... options) {
        // The image's own name for the system is covered up, to tell it from the host's.
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--detach",
                                "--name=" + CONTAINER,
                                "--hostname=" + CONTAINER_NAME,
                                "--memory=512m",
                                "--publish=" + PORT + ":9001",
                                "--volume=/var/run/docker.sock:/var/run/docker.sock",
                                "--volume=/etc/hostname:/usr/lib/os-release:ro"));
        arguments.addAll(List.of(options));
        arguments.add(AgentImage.NAME);
        host.cli().run(arguments.toArray(String[]::new)).orThrow();
        Awaitility.await()
                .atMost(START)
                .until(() -> agent(host).status("/info", server.headers()) == 200);
    }

    private Object facts(DockerHost host) {
        HttpResponse<String> answer = agent(host).get("/v2/host", server.headers(), ANSWER);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(CONTAINER_NAME);
        return Objects.requireNonNull(JsonTree.read(answer.body()));
    }

    private static List<@Nullable Object> items(Object facts, String part) {
        return JsonTree.list(facts, part, "items");
    }

    private static List<String> names(Object facts, String part) {
        return items(facts, part).stream()
                .map(item -> String.valueOf(JsonTree.text(item, "name")))
                .toList();
    }

    private static Object item(Object facts, String part, String name, String value) {
        for (Object item : items(facts, part)) {
            if (item != null && value.equals(JsonTree.text(item, name))) {
                return item;
            }
        }
        throw new AssertionError(value + " is not in " + part);
    }

    /** Why something is absent, and what would change it. */
    private static String absence(Object facts, String part, String what) {
        return JsonTree.list(facts, part, "absent").stream()
                .filter(absence -> what.equals(JsonTree.text(absence, "what")))
                .map(
                        absence ->
                                JsonTree.text(absence, "why")
                                        + ": "
                                        + JsonTree.text(absence, "remedy"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(what + " is not absent from " + part));
    }

    private static List<String> disks(DockerHost host) {
        return on(
                        host,
                        "sh",
                        "-c",
                        "cd /sys/block; for d in *; do [ $(cat $d/size) = 0 ] || echo $d; done")
                .lines()
                .toList();
    }

    private static String memoryKilobytes(DockerHost host) {
        return on(host, "sed", "-n", "s/^MemTotal: *\\([0-9]*\\) kB$/\\1/p", "/proc/meminfo");
    }

    private static void mount(DockerHost host, String folder) {
        host.exec("mkdir", "-p", folder).orThrow();
        host.exec("mount", "-t", "tmpfs", "-o", "size=12344k", "facts", folder).orThrow();
    }

    private static String on(DockerHost host, String... command) {
        return host.exec(command).orThrow().out().strip();
    }

    private static RemoteAgent agent(DockerHost host) {
        return new RemoteAgent(host.address(), PORT);
    }

    private static DockerHost host(String engine) {
        return engine.equals("20") ? old : current;
    }
}
