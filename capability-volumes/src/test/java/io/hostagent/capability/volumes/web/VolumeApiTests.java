// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.service.VolumeUser;
import io.hostagent.capability.volumes.web.TestApi.Answer;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.NoLeaks;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls over real connections, to volumes in memory. */
@ExtendWith(NoLeaks.class)
class VolumeApiTests {

    @TempDir static Path files;

    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi(files, folder -> InputStream.nullInputStream());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void create(String name) throws Exception {
        assertThat(api.post("/v2/volumes", "{\"name\":\"" + name + "\"}").status()).isEqualTo(201);
    }

    @Test
    void saysNotThatThereAreNoneBeforeTheyAreKnown() throws Exception {
        api.volumes.close();

        assertThat(api.get("/v2/volumes").status()).isEqualTo(503);
        assertThat(api.get("/v2/volumes/web").status()).isEqualTo(503);
        assertThat(api.get("/v2/volumes/web/snapshots").status()).isEqualTo(503);
    }

    @Test
    void createsAndShowsAndListsVolumes() throws Exception {
        Answer made = api.post("/v2/volumes", "{\"name\":\"a\",\"options\":{\"size\":\"5\"}}");
        Answer again = api.post("/v2/volumes", "{\"name\":\"a\",\"options\":{\"size\":\"5\"}}");
        Answer other = api.post("/v2/volumes", "{\"name\":\"a\",\"options\":{\"size\":\"6\"}}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/v2/volumes/a");
        assertThat(made.header("ETag")).isEqualTo("\"1-7\"");
        assertThat(again.status()).isEqualTo(200);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.text("message")).isEqualTo("There is another volume a");
        Answer shown = api.get("/v2/volumes/a");
        assertThat(shown.header("ETag")).isEqualTo("\"1-7\"");
        assertThat(JsonTree.map(shown.json()).keySet())
                .containsExactly(
                        "name",
                        "id",
                        "state",
                        "owner",
                        "epoch",
                        "backend",
                        "size",
                        "class",
                        "uid",
                        "gid",
                        "mode",
                        "onremove",
                        "from",
                        "created",
                        "labels",
                        "holds",
                        "version",
                        "mountpoint");
        assertThat(JsonTree.number(shown.json(), "size")).isEqualTo(5);
        assertThat(shown.text("mode")).isEqualTo("0777");
        assertThat(JsonTree.list(api.get("/v2/volumes").json())).containsExactly(shown.json());
        assertThat(api.get("/v2/volumes/b").status()).isEqualTo(404);
    }

    @Test
    void showsUsersAndUsageToWhoeverAsks() throws Exception {
        create("a");
        api.volumes.use("a", new VolumeUser("container", "c1", "web"));

        Answer shown = api.get("/v2/volumes/a?details=1");

        assertThat(JsonTree.number(shown.json(), "usage", "used")).isEqualTo(123);
        assertThat(JsonTree.text(JsonTree.list(shown.json(), "users").getFirst(), "name"))
                .isEqualTo("web");
        assertThat(api.get("/v2/volumes/a/users").response().body()).contains("\"c1\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /v2/volumes                | {                                | JSON cannot be read",
                "POST | /v2/volumes                | []                               | no JSON object",
                "POST | /v2/volumes                | {}                               | name is missing",
                "POST | /v2/volumes                | {\"name\":1}                     | name is not a text",
                "POST | /v2/volumes                | {\"name\":\"a b\"}               | no name for a volume",
                "POST | /v2/volumes                | {\"name\":\"b\",\"size\":\"1\"}  | name, options",
                "POST | /v2/volumes                | {\"name\":\"b\",\"options\":[]}  | options is not an object",
                "POST | /v2/volumes                | {\"name\":\"b\",\"options\":{\"size\":1}} | options.size is not a text",
                "POST | /v2/volumes                | {\"name\":\"b\",\"options\":{\"x\":\"1\"}} | Unknown option: x",
                "POST | /v2/volumes/a/resize       | {}                               | size is missing",
                "POST | /v2/volumes/a/clone        | {\"to\":\"../b\"}                | no name for a volume",
                "POST | /v2/volumes/a/snapshots    | {\"name\":\"../s\"}              | no name for a snapshot",
                "POST | /v2/volumes/a/snapshots?wait=soon | {}                        | a time such as",
                "PUT  | /v2/volumes/a/holds/me     | {\"ttl\":\"1 day\"}              | a time such as",
                "PUT  | /v2/volumes/a/holds/-      | {}                               | whoever holds",
                "POST | /v2/volume-imports         | {\"to\":\"b\"}                   | Either volume or folder",
                "POST | /v2/volume-imports         | {\"to\":\"b\",\"folder\":\"/a/../b\"} | without '..'",
                "DELETE | /v2/volumes/a?onremove=x | `` | trash, delete, retain",
                "DELETE | /v2/volumes/a?onremov=retain | `` | onremove, wait",
                "GET  | /v2/volume-events?after=x  | `` | 0 means all"
            })
    void refusesWhatItDoesNotUnderstand(String method, String path, String body, String why)
            throws Exception {
        create("a");

        Answer answer = api.send(method, path, body.isEmpty() ? null : body, Map.of());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("message") + answer.text("details")).contains(why);
        assertThat(api.volumes.all()).hasSize(1);
    }

    @Test
    void refusesABodyThatIsTooLong() throws Exception {
        Answer answer =
                api.post("/v2/volumes", "{\"name\":\"" + "x".repeat(Fields.LONGEST) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void saysWhichMethodsThereAre() throws Exception {
        Answer answer = api.send("PUT", "/v2/volumes/a", "{}", Map.of());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, DELETE");
        assertThat(answer.text("message")).isEqualTo("Not with PUT");
        assertThat(api.get("/v2/volumes/a/nothing").status()).isEqualTo(404);
        assertThat(api.get("/v2/volumes/").status()).isEqualTo(404);
    }

    @Test
    void changesNothingThatIsNotAsTheCallerHasSeenIt() throws Exception {
        create("a");
        String seen = api.get("/v2/volumes/a").header("ETag");
        assertThat(
                        api.send("PUT", "/v2/volumes/a/holds/me", "{\"why\":\"test\"}", Map.of())
                                .header("ETag"))
                .isNotEqualTo(seen);

        Answer removed = api.delete("/v2/volumes/a", seen);
        Answer resized =
                api.send(
                        "POST",
                        "/v2/volumes/a/resize",
                        "{\"size\":\"9\"}",
                        Map.of("If-Match", seen));

        assertThat(removed.status()).isEqualTo(412);
        assertThat(removed.text("details")).contains("1-8");
        assertThat(resized.status()).isEqualTo(412);
        String now = api.get("/v2/volumes/a").header("ETag");
        assertThat(api.delete("/v2/volumes/a", "\"0-0\", " + now).status()).isEqualTo(200);
        create("b");
        assertThat(api.delete("/v2/volumes/b", "*").status()).isEqualTo(200);
    }

    @Test
    void removesAndBringsBack() throws Exception {
        create("a");
        Answer removed = api.delete("/v2/volumes/a");
        assertThat(removed.text("removed")).isEqualTo("trash");
        assertThat(api.get("/v2/volumes/a").status()).isEqualTo(404);
        Answer trash = api.get("/v2/volume-trash");
        String id = String.valueOf(JsonTree.text(JsonTree.list(trash.json()).getFirst(), "id"));

        Answer back = api.post("/v2/volume-trash/" + id + "/undelete", "{\"as\":\"b\"}");

        assertThat(back.status()).isEqualTo(201);
        assertThat(back.header("Location")).isEqualTo("/v2/volumes/b");
        assertThat(api.post("/v2/volume-trash/" + id + "/undelete", "").status()).isEqualTo(404);
        assertThat(api.delete("/v2/volume-trash/x").status()).isEqualTo(404);
    }

    @Test
    void emptiesTheTrash() throws Exception {
        create("a");
        create("b");
        api.delete("/v2/volumes/a");
        api.delete("/v2/volumes/b");
        String id = api.volumes.trash().getFirst().id().toString();

        Answer one = api.delete("/v2/volume-trash/" + id + "?wait=20s");
        Answer all = api.delete("/v2/volume-trash?wait=20s");

        assertThat(JsonTree.list(one.json(), "destroyed")).hasSize(1);
        assertThat(JsonTree.list(all.json(), "destroyed")).hasSize(1);
        assertThat(api.volumes.trash()).isEmpty();
    }

    @Test
    void doesNotRemoveWhatIsInUse() throws Exception {
        create("a");
        api.volumes.use("a", new VolumeUser("container", "c1", "web"));

        Answer direct = api.delete("/v2/volumes/a");
        Answer waited = api.delete("/v2/volumes/a?onremove=delete&wait=20s");

        for (Answer answer : List.of(direct, waited)) {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.text("details")).isEqualTo("By container web");
        }
    }

    @Test
    void answersLongWorkAtOnceAndGoesOnWithIt() throws Exception {
        create("a");
        CountDownLatch gate = api.volumes.hold();

        Answer begun = api.post("/v2/volumes/a/snapshots", "{\"name\":\"s\"}");
        Answer waited = api.post("/v2/volumes/a/snapshots?wait=1s", "{\"name\":\"s2\"}");

        for (Answer answer : List.of(begun, waited)) {
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.text("state")).isEqualTo("running");
            assertThat(answer.text("kind")).isEqualTo("snapshot");
        }
        String place = begun.header("Location");
        assertThat(place).isEqualTo("/v2/volume-operations/" + begun.text("id"));
        assertThat(api.get(place).text("state")).isEqualTo("running");
        gate.countDown();
        Answer end = api.get(place + "?wait=20s");
        assertThat(end.text("state")).isEqualTo("done");
        assertThat(end.text("result", "name")).isEqualTo("s");
        assertThat(JsonTree.list(api.get("/v2/volume-operations").json())).hasSize(2);
        assertThat(api.get("/v2/volume-operations/none").status()).isEqualTo(404);
    }

    @Test
    void answersWithTheEndForWhoeverWaits() throws Exception {
        create("a");
        Answer made = api.post("/v2/volumes/a/snapshots?wait=20s", "{\"name\":\"s\"}");
        Answer twice = api.post("/v2/volumes/a/snapshots?wait=20s", "{\"name\":\"s\"}");
        Answer named = api.post("/v2/volumes/a/snapshots?wait=20s", "");
        Answer restored = api.post("/v2/volumes/a/restore?wait=20s", "{\"snapshot\":\"s\"}");
        Answer resized = api.post("/v2/volumes/a/resize?wait=20s", "{\"size\":99}");
        Answer cloned = api.post("/v2/volumes/a/clone?wait=20s", "{\"to\":\"b\"}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/v2/volumes/a/snapshots/s");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.text("message")).isEqualTo("There is a snapshot s");
        assertThat(named.text("name")).matches("\\d{8}-\\d{6}-\\d{3}");
        assertThat(restored.status()).isEqualTo(200);
        assertThat(restored.text("before")).isEqualTo("before-restore");
        assertThat(JsonTree.number(resized.json(), "size")).isEqualTo(99);
        assertThat(cloned.status()).isEqualTo(201);
        assertThat(cloned.header("Location")).isEqualTo("/v2/volumes/b");
        assertThat(JsonTree.list(api.get("/v2/volumes/a/snapshots").json())).hasSize(2);
        assertThat(api.delete("/v2/volumes/a/snapshots/s").status()).isEqualTo(204);
        assertThat(api.post("/v2/volumes/none/snapshots", "").status()).isEqualTo(404);
    }

    @Test
    void importsAVolumeOfTheEngineOrAFolder() throws Exception {
        Answer volume =
                api.post("/v2/volume-imports?wait=20s", "{\"volume\":\"old\",\"to\":\"a\"}");
        Answer folder =
                api.post("/v2/volume-imports?wait=20s", "{\"folder\":\"/srv/x\",\"to\":\"b\"}");
        Answer none = api.post("/v2/volume-imports?wait=20s", "{\"volume\":\"no\",\"to\":\"c\"}");

        assertThat(volume.status()).isEqualTo(201);
        assertThat(folder.header("Location")).isEqualTo("/v2/volumes/b");
        assertThat(none.status()).isEqualTo(404);
    }

    @Test
    void holdsAndLetsGo() throws Exception {
        create("a");
        Answer held =
                api.send(
                        "PUT",
                        "/v2/volumes/a/holds/ci:4711",
                        "{\"why\":\"backup\",\"ttl\":\"10s\"}",
                        Map.of());
        api.send("PUT", "/v2/volumes/a/holds/over", "{\"ttl\":\"0s\"}", Map.of());

        assertThat(held.status()).isEqualTo(200);
        Answer holds = api.get("/v2/volumes/a/holds");
        assertThat(JsonTree.list(holds.json())).hasSize(1);
        assertThat(api.get("/v2/volumes/a/holds/ci:4711").text("why")).isEqualTo("backup");
        assertThat(api.get("/v2/volumes/a/holds/over").status()).isEqualTo(404);
        assertThat(api.delete("/v2/volumes/a/holds/ci:4711").status()).isEqualTo(200);
        assertThat(JsonTree.list(api.get("/v2/volumes/a/holds").json())).isEmpty();
    }

    @Test
    void showsPoolsAndWhatTheyLack() throws Exception {
        Object pool = JsonTree.list(api.get("/v2/volume-pools").json()).getFirst();

        assertThat(JsonTree.flag(pool, "works")).isFalse();
        assertThat(JsonTree.text(pool, "missing")).isEqualTo("it is a test");
    }

    @Test
    void gathersDiagnosticsAndGoesOnWithoutWhatIsBroken() throws Exception {
        create("a");
        Map<String, String> found = new TreeMap<>();
        byte[] zip =
                api.http()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + api.port()
                                                                + "/v2/volume-diagnostics"))
                                        .build(),
                                BodyHandlers.ofByteArray())
                        .body();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                found.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
            }
        }

        assertThat(found.keySet())
                .containsExactly(
                        "broken.txt.error.txt",
                        "events.json",
                        "more.txt",
                        "operations.json",
                        "pools.json",
                        "trash.json",
                        "versions.json",
                        "volumes.json");
        assertThat(found.get("volumes.json")).contains("\"a\"");
        assertThat(found.get("broken.txt.error.txt")).contains("no such");
    }

    @Test
    void goesOnWithWhatItsCallerDoesNotWaitFor() throws Exception {
        create("a");
        CountDownLatch gate = api.volumes.hold();
        var call =
                api.http()
                        .sendAsync(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + api.port()
                                                                + "/v2/volumes/a/snapshots?wait=60s"))
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        "{\"name\":\"s\"}"))
                                        .build(),
                                BodyHandlers.ofString());
        await().until(() -> !api.operations.all().isEmpty());
        call.cancel(true);
        gate.countDown();

        await().until(() -> api.operations.all().getFirst().isOver());
        assertThat(JsonTree.list(api.get("/v2/volumes/a/snapshots").json())).hasSize(1);
    }

    @Test
    void isDescribedCallByCall() throws Exception {
        Object document = JsonTree.read(Files.readAllBytes(Path.of("..", "docs", "openapi.json")));
        Set<String> described = new TreeSet<>();
        JsonTree.map(document, "paths")
                .forEach(
                        (path, item) -> {
                            if (path.startsWith(VolumeApi.PREFIX)) {
                                JsonTree.map(item)
                                        .keySet()
                                        .forEach(method -> described.add(method + " " + path));
                            }
                        });
        Set<String> answered = new TreeSet<>();
        api.api
                .calls()
                .forEach(
                        call ->
                                answered.add(
                                        call.method().toLowerCase(java.util.Locale.ROOT)
                                                + " "
                                                + call.path()));
        assertThat(described).isEqualTo(answered);
    }
}
