// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.Wire;
import io.hostagent.lab.CommandResult;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What users of the docker client do with volumes every day. */
@ParameterizedClass(name = "engine {0}")
@ValueSource(strings = {"20", "26"})
class VolumeBasicsIT extends OnVolumesAgent {

    /** An image with files in {@code /content}, which belong to a user. */
    private static final String CONTENT = "lab/content:1";

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private String engine;

    @BeforeParameterizedClassInvocation
    static void start(String engine) {
        agent = VolumesAgent.start(engine, Map.of());
        agent.dockerOk(
                "run",
                "--name=content",
                VolumesAgent.IMAGE,
                "sh",
                "-c",
                "mkdir /content && echo shipped >/content/file && chown -R 7:8 /content");
        agent.dockerOk("commit", "content", CONTENT);
        agent.dockerOk("rm", "content");
    }

    @AfterParameterizedClassInvocation
    static void end() {
        removeAll();
    }

    @Test
    @DisplayName(
            "C-01, C-03: the next container reads what the one before wrote, on the same files")
    void theNextContainerReadsWhatTheOneBeforeWrote() {
        String written = agent.in("c01", "echo hi >/d/f; stat -c %i /d/f");
        JsonNode first = agent.api().volume("c01");

        String read = agent.in("c01", "cat /d/f; stat -c %i /d/f");

        JsonNode second = agent.api().volume("c01");
        assertThat(read.lines()).containsExactly("hi", written);
        assertThat(second.path("owner").asString()).isNotEmpty();
        for (String unchanged : List.of("id", "owner", "epoch", "state", "version")) {
            assertThat(second.path(unchanged)).as(unchanged).isEqualTo(first.path(unchanged));
        }
    }

    @Test
    @DisplayName("C-01 by the API: a container is created with the field VolumeDriver")
    void usesTheDriverThatTheApiNames() throws IOException {
        String container =
                """
                {"Image":"%s","Cmd":["sh","-c","echo hi >/d/f"],
                "HostConfig":{"Binds":["by-api:/d"],"VolumeDriver":"%s","NetworkMode":"none"}}"""
                        .formatted(VolumesAgent.IMAGE, VolumesAgent.DRIVER);

        assertThat(engineAnswers("/containers/create?name=by-api", container)).contains(" 201 ");
        assertThat(engineAnswers("/containers/by-api/start", "")).contains(" 204 ");

        assertThat(agent.dockerOk("wait", "by-api")).isEqualTo("0");
        assertThat(agent.dockerOk("volume", "inspect", "--format={{.Driver}}", "by-api"))
                .isEqualTo(VolumesAgent.DRIVER);
        assertThat(agent.in("by-api", "cat /d/f")).isEqualTo("hi");
    }

    /** The first line of what the engine answers to a request. */
    private static String engineAnswers(String target, String body) throws IOException {
        try (Wire engine = Wire.unix(agent.host().socket())) {
            engine.request(
                    "POST " + target,
                    Map.of(
                            "Content-Type",
                            "application/json",
                            "Content-Length",
                            String.valueOf(body.length())));
            engine.send(body);
            return engine.head().lines().findFirst().orElse("");
        }
    }

    @Test
    @DisplayName("Compose: a file that names the driver has its volume again after down and up")
    void composeHasItsVolumeAgain(@TempDir Path folder) {
        Composition composed =
                Composition.of(agent, "composed", folder, "size: 64m, uid: \"7\", mode: \"0700\"");
        composed.run("up", "--detach");
        assertThat(composed.exec("stat -c '%u %a' /d; echo kept >/d/f")).isEqualTo("7 700");
        JsonNode made = agent.api().volume(composed.volume());
        assertThat(made.path("size").asLong()).isEqualTo(64 << 20);

        composed.run("down");
        assertThat(agent.dockerOk("ps", "--all", "--quiet")).isEmpty();
        composed.run("up", "--detach");

        assertThat(composed.exec("cat /d/f")).isEqualTo("kept");
        assertThat(agent.api().volume(composed.volume()).path("id")).isEqualTo(made.path("id"));
        composed.run("down", "--volumes");
        assertThat(agent.api().names()).doesNotContain(composed.volume());
        assertThat(agent.api().trash(composed.volume())).hasSize(1);
    }

    @Test
    @DisplayName("C-02: creating it again changes nothing, and with another size it is an error")
    void createsAVolumeOnce() {
        agent.create("c02", "size=64m");
        JsonNode first = agent.api().volume("c02");
        agent.create("c02", "size=64m");

        assertThat(agent.api().volume("c02")).isEqualTo(first);
        assertThat(agent.api().names()).containsOnlyOnce("c02");
        assertThat(agent.plugin().create("c02", "{\"size\":\"64m\"}").err()).isEmpty();
        assertThat(agent.plugin().create("c02", "{\"size\":\"65m\"}").err())
                .contains(String.valueOf(64 << 20), String.valueOf(65 << 20));
        assertThat(agent.api().volume("c02")).isEqualTo(first);
    }

    @Test
    @DisplayName("C-05: a volume that was created by the API is used by a container")
    void usesWhatWasCreatedByTheApi() {
        String id =
                agent.api()
                        .create("c05", "{\"mode\":\"0750\",\"uid\":\"12\"}")
                        .path("id")
                        .asString();

        assertThat(agent.in("c05", "stat -c '%a %u' /d; echo x >/d/f")).isEqualTo("750 12");
        assertThat(agent.api().volume("c05").path("id").asString()).isEqualTo(id);
        assertThat(agent.api().names()).containsOnlyOnce("c05");
    }

    @Test
    @DisplayName("C-06: docker volume inspect tells what the volume really is")
    void inspectTellsWhatItIs() {
        agent.create("c06", "size=64m");
        agent.in("c06", "true");

        JsonNode shown =
                JsonMapper.shared().readTree(agent.dockerOk("volume", "inspect", "c06")).path(0);
        JsonNode status = shown.path("Status");
        JsonNode known = agent.api().volume("c06");
        assertThat(shown.path("Driver").asString()).isEqualTo(VolumesAgent.DRIVER);
        assertThat(shown.path("Scope").asString()).isEqualTo("global");
        for (String same : List.of("id", "owner", "epoch", "state", "size", "backend")) {
            assertThat(status.path(same)).as(same).isEqualTo(known.path(same));
            assertThat(status.path(same).isMissingNode()).as(same).isFalse();
        }
        assertThat(status.path("size").asLong()).isEqualTo(64 << 20);
        assertThat(Instant.parse(shown.path("CreatedAt").asString()))
                .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(1));
    }

    @Test
    @DisplayName("C-07: docker volume ls lists every volume once")
    void lists() {
        agent.create("c07-a");
        agent.api().create("c07-b", "{}");
        agent.in("c07-c", "true");

        List<String> listed =
                agent.dockerOk("volume", "ls", "--quiet", "--filter=driver=" + VolumesAgent.DRIVER)
                        .lines()
                        .toList();

        assertThat(listed).containsExactlyInAnyOrderElementsOf(agent.api().names());
        assertThat(listed).contains("c07-a", "c07-b", "c07-c").doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("C-11: five containers share a volume that is mounted once")
    void containersShareAVolume() {
        for (int i = 1; i <= 5; i++) {
            agent.dockerOk(
                    "run",
                    "--detach",
                    "--name=c11-" + i,
                    "--volume-driver=" + VolumesAgent.DRIVER,
                    "--volume=c11:/d",
                    VolumesAgent.IMAGE,
                    "sh",
                    "-c",
                    "echo " + i + " >/d/of-" + i + "; exec sleep 1000000");
        }
        for (int i = 1; i <= 5; i++) {
            String container = "c11-" + i;
            Awaitility.await()
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    agent.dockerOk(
                                                            "exec",
                                                            container,
                                                            "sh",
                                                            "-c",
                                                            "cat /d/*"))
                                            .isEqualTo("1\n2\n3\n4\n5"));
        }
        assertThat(agent.mounts("c11")).hasSize(1);

        agent.dockerOk("rm", "--force", "c11-1", "c11-2", "c11-3", "c11-4");
        agent.dockerOk("exec", "c11-5", "sh", "-c", "echo last >/d/of-5");

        assertThat(agent.data("c11").resolve("of-5")).hasContent("last");
        assertThat(agent.api().users("c11")).anyMatch(user -> user.contains("c11-5"));
    }

    @Test
    @DisplayName("C-14: a fresh volume is empty, and whoever it is for may write to it")
    void aFreshVolumeIsEmptyAndWritable() {
        for (String options : List.of("{}", "{\"size\":\"64m\"}", "{\"backend\":\"btrfs\"}")) {
            agent.api().create("c14", options);
            assertThat(agent.in("c14", "ls -A /d")).as(options).isEmpty();
            assertThat(as("1000", "c14", "echo mine >/d/f && stat -c %u /d/f"))
                    .as(options)
                    .isEqualTo("1000");
            agent.dockerOk("volume", "rm", "c14");
        }
        agent.create("c14-own", "uid=1000", "gid=1000", "mode=0700");
        assertThat(as("1000:1000", "c14-own", "echo mine >/d/f && cat /d/f")).isEqualTo("mine");
        assertThat(run("--user=1001", "--volume=c14-own:/d", VolumesAgent.IMAGE, "ls", "/d").err())
                .contains("Permission denied");
    }

    private static String as(String user, String volume, String script) {
        CommandResult result =
                run(
                        "--user=" + user,
                        "--volume=" + volume + ":/d",
                        VolumesAgent.IMAGE,
                        "sh",
                        "-c",
                        script);
        return result.orThrow().out().strip();
    }

    private static CommandResult run(String... arguments) {
        List<String> line = new ArrayList<>(List.of("run", "--rm", "--network=none"));
        line.add("--volume-driver=" + VolumesAgent.DRIVER);
        line.addAll(List.of(arguments));
        return agent.docker(line.toArray(String[]::new));
    }

    @Test
    @DisplayName("C-15: an image fills a new volume and leaves a used one alone")
    void anImageFillsANewVolumeAndNoOther() {
        agent.dockerOk(
                "create",
                "--name=c15",
                "--volume-driver=" + VolumesAgent.DRIVER,
                "--volume=c15:/content",
                CONTENT);
        Awaitility.await().untilAsserted(() -> assertThat(agent.api().users("c15")).isEmpty());
        assertThat(agent.in("c15", "cat /d/file; stat -c '%u %g' /d /d/file"))
                .isEqualTo("shipped\n7 8\n7 8");

        agent.in("c15-used", "echo own >/d/own");
        run("--volume=c15-used:/content", CONTENT, "true").orThrow();
        assertThat(agent.in("c15-used", "ls -A /d")).isEqualTo("own");

        run("--volume=c15-bare:/content:nocopy", CONTENT, "true").orThrow();
        assertThat(agent.in("c15-bare", "ls -A /d")).as("C-16: nocopy").isEmpty();
    }

    @Test
    @DisplayName("C-16: a volume that is mounted read-only refuses writes")
    void aReadOnlyMountRefusesWrites() {
        agent.in("c16", "echo kept >/d/f");

        CommandResult result =
                run("--volume=c16:/d:ro", VolumesAgent.IMAGE, "sh", "-c", "cat /d/f; echo x >/d/f");

        assertThat(result.succeeded()).isFalse();
        assertThat(result.out()).isEqualTo("kept\n");
        assertThat(result.err()).contains("Read-only file system");
        assertThat(agent.in("c16", "cat /d/f")).isEqualTo("kept");
    }

    @Test
    @DisplayName("C-16: a container gets a folder within a volume, where the engine can do that")
    void mountsAFolderWithinAVolume() {
        agent.in("c16-sub", "mkdir /d/inner; echo inner >/d/inner/f; echo outer >/d/f");
        CommandResult result =
                agent.docker(
                        "run",
                        "--rm",
                        "--mount=type=volume,src=c16-sub,dst=/d,volume-driver="
                                + VolumesAgent.DRIVER
                                + ",volume-subpath=inner",
                        VolumesAgent.IMAGE,
                        "cat",
                        "/d/f");
        if (engine.equals("20")) {
            assertThat(result.err()).contains("volume-subpath");
        } else {
            assertThat(result.orThrow().out()).isEqualTo("inner\n");
        }
    }

    @Test
    @DisplayName("C-17: another container gets the volumes of one with --volumes-from")
    void volumesFromAnotherContainer() {
        agent.dockerOk(
                "run",
                "--detach",
                "--name=c17",
                "--volume-driver=" + VolumesAgent.DRIVER,
                "--volume=c17:/d",
                VolumesAgent.IMAGE,
                "sh",
                "-c",
                "echo shared >/d/f; exec sleep 1000000");

        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(
                                                run(
                                                                "--volumes-from=c17",
                                                                VolumesAgent.IMAGE,
                                                                "cat",
                                                                "/d/f")
                                                        .out())
                                        .isEqualTo("shared\n"));
        assertThat(agent.mounts("c17")).hasSize(1);
    }

    @Test
    @DisplayName("C-18: an anonymous volume goes with its container")
    void anAnonymousVolumeGoesWithItsContainer() {
        Set<String> before = Set.copyOf(agent.api().names());
        String output =
                run(
                                "--volume=/x",
                                VolumesAgent.IMAGE,
                                "sh",
                                "-c",
                                "echo y >/x/f; grep ' /x ' /proc/self/mountinfo")
                        .orThrow()
                        .out();

        assertThat(output).as("mounted at /x").contains(" /x ");
        Awaitility.await()
                .untilAsserted(
                        () -> {
                            assertThat(Set.copyOf(agent.api().names())).isEqualTo(before);
                            assertThat(agent.dockerOk("volume", "ls", "--quiet").lines())
                                    .noneMatch(name -> name.matches("[0-9a-f]{64}"));
                        });
        for (JsonNode trashed : agent.api().get("/v2/volume-trash")) {
            assertThat(trashed.path("name").asString()).doesNotMatch("[0-9a-f]{64}");
        }
    }

    @Test
    @DisplayName("C-19: what is no name for a volume makes nothing anywhere")
    void refusesWhatIsNoName() {
        Set<String> files = files();
        Set<String> names = Set.copyOf(agent.api().names());
        List<String> bad =
                List.of(
                        "../../etc",
                        "a/b",
                        "a b",
                        ".",
                        "..",
                        "größe",
                        "x".repeat(300),
                        "-x",
                        "a\nb");
        for (String name : bad) {
            CommandResult result =
                    agent.docker("volume", "create", "-d", VolumesAgent.DRIVER, "--", name);
            assertThat(result.succeeded()).as(name).isFalse();
            assertThat(agent.plugin().create(name.replace("\n", "\\n"), "{}").err())
                    .as(name)
                    .isNotEmpty();
            assertThat(agent.plugin().mount(name.replace("\n", "\\n"), "1".repeat(64)).err())
                    .as(name)
                    .isNotEmpty();
        }
        // A client that is given no name has the engine make one up.
        assertThat(agent.plugin().create("", "{}").err()).isNotEmpty();
        assertThat(agent.plugin().mount("", "1".repeat(64)).err()).isNotEmpty();

        assertThat(Set.copyOf(agent.api().names())).isEqualTo(names);
        // Volumes of other tests, which nobody uses any more, are unmounted meanwhile.
        assertThat(files).containsAll(files());
    }

    /** What there is on the disk of the host where volumes could come to be. */
    private static Set<String> files() {
        Path srv = agent.file("/srv");
        Set<String> found = new TreeSet<>();
        try {
            Files.walkFileTree(
                    srv,
                    Set.of(),
                    5,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return visitFile(folder, attributes);
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            String name = srv.relativize(file).toString();
                            if (!name.startsWith("agent-data")) {
                                found.add(name);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path gone, IOException failure) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    @Test
    @DisplayName("C-34, C-48 by the client: docker cp goes in and out of a running container")
    void copiesInAndOutOfARunningContainer() throws IOException {
        Writer writer = Writer.start(agent, "c34", "c34");
        Path file = Files.writeString(Files.createTempFile("copied", ".txt"), "copied\n");

        agent.dockerOk("cp", file.toString(), "c34:/d/in");
        agent.dockerOk("cp", "c34:/d/in", file + ".back");

        assertThat(Path.of(file + ".back")).hasContent("copied\n");
        // The copies gave back the mount of the container that runs on.
        String refused = agent.docker("volume", "rm", "--force", "c34").err();
        assertThat(refused).contains("volume is in use");
        assertThat(agent.plugin().remove("c34").err()).contains("c34");
        assertThat(agent.api().text("DELETE", "/v2/volumes/c34", ""))
                .startsWith("409")
                .contains("c34");
        writer.awaitMore();
        writer.check();
        assertThat(agent.mounts("c34")).hasSize(1);
    }

    @Test
    @DisplayName("C-22: one that is removed is gone at once, and comes back with its files")
    void comesBackFromTheTrash() {
        List<String> names = IntStream.range(0, 2).mapToObj(i -> "c22-" + i).toList();
        for (String name : names) {
            agent.in(name, "echo " + name + " >/d/f");
            Awaitility.await().untilAsserted(() -> agent.api().remove(name, "trash"));
            assertThat(agent.dockerOk("volume", "ls", "--quiet").lines()).doesNotContain(name);
            assertThat(agent.api().trash(name)).hasSize(1);
        }
        String id = agent.api().trash("c22-0").getFirst().path("id").asString();

        agent.api().ok("POST", "/v2/volume-trash/" + id + "/undelete", "{}");

        assertThat(agent.in("c22-0", "cat /d/f")).isEqualTo("c22-0");
        assertThat(agent.api().trash("c22-0")).isEmpty();
        assertThat(agent.api().trash("c22-1")).hasSize(1);
    }
}
