// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.json.JsonTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands over a real socket, to an agent whose answers are recorded. */
class VolumesCommandTests {

    private static final String VOLUME =
            """
            {"name":"db","state":"active","owner":"node1","backend":"btrfs","size":10737418240,
             "created":"2026-01-02T03:04:05Z","mountpoint":null}""";
    private static final String RUNNING =
            """
            {"id":"op1","kind":"snapshot","state":"running","progress":"%s"}""";

    @TempDir Path folder;

    private RecordedAgent agent;
    private Path socket;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void start() {
        socket = folder.resolve("control.sock");
        agent = new RecordedAgent(socket);
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private Result run(String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                AgentCommands.run(
                        ("volumes " + line).split(" "),
                        Map.of("VOLUMES_PATH", folder.toString())::get,
                        new PrintWriter(out),
                        new PrintWriter(err));
        return new Result(code, out.toString(), err.toString());
    }

    @Test
    void listsVolumesAsATableOrAsJson() {
        agent.on("GET /v2/volumes", 200, "[" + VOLUME + "]");

        Result text = run("ls");
        Result json = run("ls -o json");

        assertThat(text.code()).isZero();
        assertThat(text.err()).isEmpty();
        assertThat(text.out().lines())
                .containsExactly(
                        "NAME  STATE   OWNER  BACKEND  SIZE    CREATED               MOUNTPOINT",
                        "db    active  node1  btrfs    10 GiB  2026-01-02T03:04:05Z  -");
        assertThat(JsonTree.read(json.out())).isEqualTo(JsonTree.read("[" + VOLUME + "]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "create db --opt size=10G --opt uid=1 | POST /v2/volumes | {\"name\":\"db\",\"options\":{\"size\":\"10G\",\"uid\":\"1\"}}",
                "create db                     | POST /v2/volumes                       | {\"name\":\"db\",\"options\":{}}",
                "inspect db                    | GET /v2/volumes/db?details=1           | ``",
                "inspect a/../b                | GET /v2/volumes/a%2F..%2Fb?details=1   | ``",
                "rm db                         | DELETE /v2/volumes/db                  | ``",
                "rm db --onremove delete       | DELETE /v2/volumes/db?onremove=delete  | ``",
                "trash                         | GET /v2/volume-trash                   | ``",
                "trash --empty                 | DELETE /v2/volume-trash                | ``",
                "trash --empty 77              | DELETE /v2/volume-trash/77             | ``",
                "undelete 77 --as x            | POST /v2/volume-trash/77/undelete      | {\"as\":\"x\"}",
                "undelete 77                   | POST /v2/volume-trash/77/undelete      | {}",
                "snapshot create db            | POST /v2/volumes/db/snapshots          | {}",
                "snapshot create db --name s   | POST /v2/volumes/db/snapshots          | {\"name\":\"s\"}",
                "snapshot ls db                | GET /v2/volumes/db/snapshots           | ``",
                "snapshot rm db s              | DELETE /v2/volumes/db/snapshots/s      | ``",
                "restore db s                  | POST /v2/volumes/db/restore            | {\"snapshot\":\"s\"}",
                "clone db copy                 | POST /v2/volumes/db/clone              | {\"to\":\"copy\",\"options\":{}}",
                "clone db copy --snapshot s --opt size=1G | POST /v2/volumes/db/clone   | {\"to\":\"copy\",\"snapshot\":\"s\",\"options\":{\"size\":\"1G\"}}",
                "import new --volume old       | POST /v2/volume-imports                | {\"volume\":\"old\",\"to\":\"new\",\"options\":{}}",
                "import new --folder /a/b      | POST /v2/volume-imports                | {\"folder\":\"/a/b\",\"to\":\"new\",\"options\":{}}",
                "resize db 20G                 | POST /v2/volumes/db/resize             | {\"size\":\"20G\"}",
                "hold db ci --why x --ttl 10m  | PUT /v2/volumes/db/holds/ci            | {\"why\":\"x\",\"ttl\":\"10m\"}",
                "release db ci                 | DELETE /v2/volumes/db/holds/ci         | ``",
                "users db                      | GET /v2/volumes/db/users               | ``",
                "pools                         | GET /v2/volume-pools                   | ``",
                "operations                    | GET /v2/volume-operations              | ``",
                "operations op1                | GET /v2/volume-operations/op1          | ``",
                "events                        | GET /v2/volume-events?follow=0         | ``",
                "ls --socket SOCKET            | GET /v2/volumes                        | ``"
            })
    void asksTheAgent(String line, String call, String body) {
        agent.on(call, 200, "{}");

        Result result = run(line.replace("SOCKET", socket.toString()));

        assertThat(agent.asked()).containsExactly((call + " " + body).strip());
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
    }

    @Test
    void showsHowFarLongWorkIsAndWhatCameOfIt() {
        agent.on("POST /v2/volumes/db/snapshots", 202, RUNNING.formatted("waits"))
                .on("GET /v2/volume-operations/op1?wait=2s", 200, RUNNING.formatted("waits"))
                .on("GET /v2/volume-operations/op1?wait=2s", 200, RUNNING.formatted("goes on"))
                .on(
                        "GET /v2/volume-operations/op1?wait=2s",
                        200,
                        "{\"id\":\"op1\",\"state\":\"done\",\"result\":{\"name\":\"s\"}}");

        Result result = run("snapshot create db --name s");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualToIgnoringNewLines("s");
        assertThat(result.err().lines()).containsExactly("snapshot: waits", "snapshot: goes on");
    }

    @Test
    void failsWhenLongWorkFails() {
        agent.on("POST /v2/volumes/db/restore", 202, RUNNING.formatted("goes on"))
                .on(
                        "GET /v2/volume-operations/op1?wait=2s",
                        200,
                        "{\"state\":\"failed\",\"error\":{\"status\":409,\"message\":\"It is in"
                                + " use\",\"details\":\"By web\"}}");

        Result result = run("restore db s");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("agent: It is in use: By web\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void passesOnWhatTheAgentSays() {
        agent.on("DELETE /v2/volumes/db", 409, "{\"message\":\"No\",\"details\":\"By web\"}")
                .on("GET /v2/volumes", 500, "")
                .on("GET /v2/volume-pools", 200, "junk");

        assertFails(run("rm db"), "agent: No: By web");
        assertFails(run("ls"), "agent: the agent answered with 500");
        assertFails(run("pools"), "no JSON");
    }

    @Test
    void saysThatNoAgentIsThere() throws Exception {
        assertFails(run("ls --socket " + folder.resolve("none")), "CAP_VOLUMES=1");
        Path dead = Files.createFile(folder.resolve("dead"));
        assertFails(run("ls --socket " + dead), "agent: ");
    }

    private static void assertFails(Result result, String words) {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(words).matches("agent: [^\\n]+\\R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "create",
                "import a",
                "import a --volume b --folder /c",
                "trash 77",
                "snapshot",
                "ls -o yaml",
                "export db",
                "create a --opt size"
            })
    void answersAMisuseInOneLine(String line) {
        Result result = run(line);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).matches("agent: [^\\n]+\\R");
        assertThat(agent.asked()).isEmpty();
    }

    @Test
    void fetchesAnArchiveThatIsThereWhenItIsWhole() throws Exception {
        agent.on("GET /v2/volumes/db/export?snapshot=s", 200, "tar".repeat(100_000));
        agent.cutOn("GET /v2/volumes/db/export", "tar".repeat(100_000));
        agent.on("GET /v2/volume-diagnostics", 403, "{\"message\":\"No\",\"details\":\"Why\"}");
        Path file = folder.resolve("db.tar");

        assertThat(run("export db " + file + " --snapshot s").code()).isZero();
        assertThat(file).hasContent("tar".repeat(100_000));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertFails(run("export db " + file), "is there already");
        assertThat(run("export db " + folder.resolve("cut.tar")).code()).isEqualTo(1);
        assertFails(run("diagnostics " + folder.resolve("d.zip")), "No: Why");
        assertThat(folder)
                .isDirectoryNotContaining(left -> left.toString().matches(".*(cut|part|zip).*"));
    }

    @Test
    void followsEventsUntilTheStreamEnds() {
        agent.on(
                "GET /v2/volume-events?after=0",
                200,
                """
                :

                id: 5
                event: missed
                data: {"upTo":5}

                id: 6
                data: {"id":6,"at":"T","action":"create","volume":"db","details":{"size":"1"}}

                """);

        Result result = run("events -f");

        assertThat(result.out().lines())
                .containsExactly(
                        "Some events before this are not known any more", "T  create  db  size=1");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void letsNoControlCharactersThrough() {
        agent.on("GET /v2/volumes", 200, "[{\"name\":\"a\\u001b[2Jb\"}]");

        assertThat(run("ls").out()).contains("a?[2Jb").doesNotContain("\u001b");
    }

    /** What programs read must not have a line of a log in it. */
    @Test
    void printsNothingElseInAProcessOfItsOwn() throws Exception {
        agent.on("GET /v2/volumes", 200, "[]");
        Process command = process("ls", "-o", "json");
        try {
            assertThat(new String(command.getInputStream().readAllBytes(), UTF_8))
                    .isEqualToIgnoringWhitespace("[]");
            assertThat(command.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(command.exitValue()).isZero();
        } finally {
            command.destroyForcibly();
        }
    }

    private Process process(String... words) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(List.of("io.hostagent.app.AgentApplication", "volumes"));
        line.addAll(List.of(words));
        line.addAll(List.of("--socket", socket.toString()));
        return new ProcessBuilder(line).start();
    }

    @Test
    void leavesTheWorkRunningWhenItIsInterrupted() throws Exception {
        agent.on("POST /v2/volumes/db/snapshots", 202, RUNNING.formatted("goes on"))
                .on("GET /v2/volume-operations/op1?wait=2s", 200, RUNNING.formatted("goes on"));
        Process command = process("snapshot", "create", "db");
        try (BufferedReader err = command.errorReader(UTF_8)) {
            String line = err.readLine();
            while (line != null && !line.equals("snapshot: goes on")) {
                line = err.readLine();
            }
            assertThat(line).isNotNull();
            // As Ctrl-C does, but for the number of the signal. The process itself would close err.
            command.toHandle().destroy();
            assertThat(err.readLine())
                    .isEqualTo("agent: it goes on; see: agent volumes operations op1");
            assertThat(command.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(agent.asked()).noneMatch(call -> call.startsWith("DELETE"));
        } finally {
            command.destroyForcibly();
        }
    }
}
