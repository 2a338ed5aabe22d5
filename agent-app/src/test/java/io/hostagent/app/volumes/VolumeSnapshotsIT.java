// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Copies of volumes: as snapshots, clones, imports and archives. */
class VolumeSnapshotsIT extends OnVolumesAgent {

    private static final int FILES = 500;
    private static final long MIB = 1 << 20;

    @BeforeAll
    static void start() {
        agent =
                VolumesAgent.onNewHost(
                        "26", Map.of("VOLUMES_IMAGE_SIZE", "256m"), Database.fetched());
        agent.start();
    }

    @AfterAll
    static void end() {
        removeAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "loop", "btrfs"})
    @DisplayName("C-71: a snapshot is taken, listed, read, gone back to, and deleted")
    void snapshotsComeAndGo(String backend) {
        String name = "c71-" + backend;
        String path = "/v2/volumes/" + name;
        agent.api().create(name, "{\"backend\":\"" + backend + "\"}");
        agent.in(name, "echo one >/d/f; mkdir /d/kept");
        JsonNode before = agent.api().volume(name);

        agent.api().post(path + "/snapshots", "{\"name\":\"first\"}");
        agent.in(name, "echo two >/d/f; rmdir /d/kept");
        agent.api().post(path + "/snapshots", "{\"name\":\"second\"}");
        agent.in(name, "rm /d/f; echo three >/d/g");

        assertThat(snapshots(name)).containsExactly("first", "second");
        assertThat(agent.api().text("GET", path + "/snapshots/first/files?path=/f&raw=true", ""))
                .isEqualTo("200 one\n");
        assertThat(agent.api().text("POST", path + "/snapshots?wait=60s", "{\"name\":\"first\"}"))
                .startsWith("409");

        JsonNode restored = restore(name, "first");
        assertThat(agent.in(name, "cat /d/f; ls -A /d")).isEqualTo("one\nf\nkept");
        assertThat(agent.api().volume(name).path("epoch").asLong())
                .isGreaterThan(before.path("epoch").asLong());
        // What it held until then was kept.
        restore(name, restored.path("before").asString());
        assertThat(agent.in(name, "cat /d/g; ls -A /d")).isEqualTo("three\ng");

        for (String snapshot : snapshots(name)) {
            agent.api().ok("DELETE", path + "/snapshots/" + snapshot, "");
        }
        assertThat(snapshots(name)).isEmpty();
        assertThat(agent.in(name, "cat /d/g")).isEqualTo("three");
    }

    private static JsonNode restore(String name, String snapshot) {
        List<JsonNode> result = new ArrayList<>();
        Awaitility.await()
                .untilAsserted(
                        () ->
                                result.add(
                                        agent.api()
                                                .post(
                                                        "/v2/volumes/" + name + "/restore",
                                                        "{\"snapshot\":\"" + snapshot + "\"}")));
        return result.getFirst();
    }

    private static List<String> snapshots(String name) {
        List<String> names = new ArrayList<>();
        agent.api()
                .get("/v2/volumes/" + name + "/snapshots")
                .forEach(one -> names.add(one.path("name").asString()));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "btrfs"})
    @DisplayName("C-71: a snapshot of a volume that is written to has every line up to then")
    void aSnapshotUnderAWriterIsWhole(String backend) {
        String name = "c71-live-" + backend;
        agent.api().create(name, "{\"backend\":\"" + backend + "\"}");
        Writer writer = Writer.start(agent, name, name);
        int told = writer.count();

        agent.api().post("/v2/volumes/" + name + "/snapshots", "{\"name\":\"live\"}");
        writer.awaitMore();
        agent.api()
                .post(
                        "/v2/volumes/" + name + "/clone",
                        "{\"to\":\"%s-copy\",\"snapshot\":\"live\"}".formatted(name));

        agent.dockerOk(
                "run",
                "--detach",
                "--name=" + name + "-copy",
                "--volume=" + name + "-copy:/d",
                VolumesAgent.IMAGE,
                "sleep",
                "1000000");
        assertThat(Writer.linesIn(agent.data(name + "-copy"))).isGreaterThanOrEqualTo(told);
        writer.check();
        String refused =
                agent.api()
                        .text(
                                "POST",
                                "/v2/volumes/" + name + "/restore?wait=60s",
                                "{\"snapshot\":\"live\"}");
        assertThat(refused).startsWith("409").contains(name);
    }

    @ParameterizedTest
    @CsvSource({
        "directory,directory",
        "loop,loop",
        "btrfs,btrfs",
        "directory,btrfs",
        "btrfs,loop",
        "loop,directory",
    })
    @DisplayName("C-12 on one host, C-72: a clone is like its origin in everything that a file has")
    void aCloneIsLikeItsOrigin(String from, String to) {
        String origin = "c12-" + from;
        if (!agent.api().names().contains(origin)) {
            agent.api()
                    .create(
                            origin,
                            "{\"backend\":\"%s\",\"uid\":\"7\",\"mode\":\"0751\"}".formatted(from));
            mount(origin);
            Tree.grow(agent.data(origin), FILES);
        } else {
            mount(origin);
        }
        Map<String, String> tree = Tree.of(agent.data(origin));
        String clone = origin + "-to-" + to;

        agent.api()
                .post(
                        "/v2/volumes/" + origin + "/clone",
                        "{\"to\":\"%s\",\"options\":{\"backend\":\"%s\"}}".formatted(clone, to));

        mount(clone);
        assertThat(Tree.of(agent.data(clone))).isEqualTo(tree).hasSizeGreaterThan(FILES);
        assertSparse(agent.data(clone).resolve("sparse"));
        assertThat(agent.api().volume(clone).path("backend").asString()).isEqualTo(to);
        assertThat(agent.api().volume(clone).path("size"))
                .isEqualTo(
                        from.equals(to)
                                ? agent.api().volume(origin).path("size")
                                : agent.api().volume(clone).path("size"));
        agent.dockerOk("exec", "of-" + clone, "sh", "-c", "echo changed >/d/plain");
        assertThat(agent.data(origin).resolve("plain")).hasContent("words");
    }

    /** Has a container hold a volume that it does not change. */
    private static void mount(String volume) {
        agent.dockerOk(
                "run",
                "--detach",
                "--name=of-" + volume,
                "--volume=" + volume + ":/d",
                VolumesAgent.IMAGE,
                "sleep",
                "1000000");
    }

    private static void assertSparse(Path file) {
        try {
            assertThat(Files.size(file)).isEqualTo(Tree.SPARSE_SIZE);
            Process du = new ProcessBuilder("du", "-k", file.toString()).start();
            String kilobytes =
                    new String(du.getInputStream().readAllBytes(), UTF_8).split("\\s+", -1)[0];
            assertThat(Long.parseLong(kilobytes) * 1024).isLessThan(MIB);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("C-72: docker volume create -o from= makes a clone")
    void clonesByTheDockerClient() {
        agent.in("c72", "echo one >/d/f");
        agent.api().post("/v2/volumes/c72/snapshots", "{\"name\":\"s\"}");
        agent.in("c72", "echo two >/d/f");

        agent.create("c72-now", "from=c72");
        agent.create("c72-then", "from=c72@s");

        assertThat(agent.in("c72-now", "cat /d/f")).isEqualTo("two");
        assertThat(agent.in("c72-then", "cat /d/f")).isEqualTo("one");
        assertThat(agent.api().volume("c72-then").path("from").asString()).isEqualTo("c72@s");
        assertThat(agent.in("c72", "cat /d/f")).isEqualTo("two");
    }

    @Test
    @DisplayName(
            "C-29: a local volume is imported, and comes out as an archive, with all that files have")
    void importsALocalVolumeAndExportsIt() throws Exception {
        agent.dockerOk("volume", "create", "c29-local");
        Path local =
                agent.file(
                        agent.dockerOk(
                                "volume", "inspect", "--format={{.Mountpoint}}", "c29-local"));
        Tree.grow(local, 100);
        Files.setAttribute(local, "unix:mode", 0750);
        Map<String, String> tree = Tree.of(local);

        agent.api().post("/v2/volume-imports", "{\"volume\":\"c29-local\",\"to\":\"c29\"}");

        mount("c29");
        assertThat(Tree.of(agent.data("c29"))).isEqualTo(tree);
        assertThat(Tree.of(local)).as("the origin").isEqualTo(tree);

        byte[] archive = agent.api().send("GET", "/v2/volumes/c29/export", "").body();
        Path unpacked = agent.file("/srv/c29");
        Files.createDirectory(unpacked);
        Files.write(agent.file("/srv/c29.tar"), archive);
        agent.on(
                "tar",
                "--extract",
                "--file=/srv/c29.tar",
                "--directory=/srv/c29",
                "--xattrs",
                "--xattrs-include=*",
                "--acls",
                "--numeric-owner",
                "--preserve-permissions");
        assertThat(Tree.of(unpacked)).isEqualTo(tree);
        assertSparse(unpacked.resolve("sparse"));
        assertThat(archive.length).as("a sparse archive").isLessThan((int) (8 * MIB));
        agent.dockerOk("volume", "rm", "c29-local");
    }

    @Test
    @DisplayName("C-13: a database goes on in another container, in a clone and after a restore")
    void aDatabaseGoesOn() {
        agent.api().create("c13", "{\"backend\":\"loop\"}");
        Database.run(
                agent,
                "c13",
                "create table t(n integer primary key); insert into t values (1), (2);");
        assertThat(Database.run(agent, "c13", "select sum(n) from t;")).isEqualTo("3");
        agent.api().post("/v2/volumes/c13/snapshots", "{\"name\":\"s\"}");
        Database.run(agent, "c13", "insert into t values (10);");
        agent.api().post("/v2/volumes/c13/clone", "{\"to\":\"c13-clone\"}");

        assertThat(
                        Database.run(
                                agent,
                                "c13-clone",
                                "pragma integrity_check; select sum(n) from t;"))
                .isEqualTo("ok\n13");
        restore("c13", "s");
        assertThat(Database.run(agent, "c13", "select sum(n) from t;")).isEqualTo("3");
        assertThat(Database.run(agent, "c13-clone", "select sum(n) from t;")).isEqualTo("13");
    }
}
