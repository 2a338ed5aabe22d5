// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.files;

import static io.hostagent.app.files.FilesClient.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.RawTls;
import io.hostagent.app.fixture.RemoteAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Files of volumes and of the host, through the agent's own image in a container. */
class BrowseIT {

    private static final String AGENT = "browse-it";
    private static final String VOLUME = "browse-it-files";
    private static final String SECRET = "a-long-random-text";
    private static final int PORT = 19001;

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost host;

    private static final TestKey KEY = TestKey.create();

    @BeforeAll
    static void start() {
        AgentImage.buildOn(host);
        remove();
        run(AGENT, PORT, "-v=/var/lib/docker/volumes:/var/lib/docker/volumes", "-v=/:/host");
    }

    private static void run(String name, int port, String... options) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--detach",
                                "--name=" + name,
                                "--publish=" + port + ":9001",
                                "--env=AGENT_SECRET=" + SECRET,
                                "-v=/var/run/docker.sock:/var/run/docker.sock"));
        line.addAll(List.of(options));
        if (line.contains("-v=/:/host")) {
            line.add("--env=CAP_HOST_MANAGEMENT=1");
        }
        line.add(AgentImage.NAME);
        host.cli().run(line.toArray(String[]::new)).orThrow();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> new RemoteAgent(host.address(), port).ping() == 204);
    }

    @AfterAll
    static void remove() {
        host.cli().run("rm", "--force", "--volumes", AGENT).orThrow();
        host.cli().run("volume", "rm", "--force", VOLUME).orThrow();
    }

    @BeforeEach
    void emptyVolume() {
        host.cli().run("volume", "rm", "--force", VOLUME).orThrow();
        host.cli().run("volume", "create", VOLUME).orThrow();
    }

    private static FilesClient files() {
        return new FilesClient(host.address() + ":" + PORT, KEY.headers(SECRET), VOLUME);
    }

    private static FilesClient hostFiles() {
        return files().in("");
    }

    /** What a container does in the volume. */
    private static CommandResult inVolume(String script) {
        return host.cli()
                .run("run", "--rm", "-v=" + VOLUME + ":/v", "lab/workload:1", "sh", "-c", script)
                .orThrow();
    }

    @Test
    void aFileComesAndGoes() {
        assertThat(files().put("/", "a.txt", "sixsix".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        JsonNode listed = files().list("/");
        assertThat(listed.toString())
                .matches("\\[\\{\"Name\":\"a.txt\",\"Size\":6,\"Dir\":false,\"ModTime\":\\d{10}}]");
        assertThat(files().ask("GET", "get", "a.txt").body()).asString().isEqualTo("sixsix");
        HttpResponse<byte[]> part = files().with("Range", "bytes=1-2").ask("GET", "get", "/a.txt");
        assertThat(text(part)).isEqualTo("206 ix");
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 1-2/6");
        HttpResponse<byte[]> head = files().ask("HEAD", "get", "a.txt");
        assertThat(text(head)).isEqualTo("200 ");
        assertThat(head.headers().firstValue("Content-Length")).contains("6");
        String tag = part.headers().firstValue("ETag").orElseThrow();
        assertThat(files().with("If-None-Match", tag).ask("GET", "get", "a.txt").statusCode())
                .isEqualTo(304);
        assertThat(files().rename("a.txt", "/b.txt").statusCode()).isEqualTo(204);
        assertThat(inVolume("cat /v/b.txt").out()).isEqualTo("sixsix");
        assertThat(files().ask("DELETE", "delete", "b.txt").statusCode()).isEqualTo(204);
        assertThat(files().list("/").toString()).isEqualTo("[]");
    }

    @Test
    void aShorterFileReplacesALongerOneAndKeepsWhoseItIs() {
        inVolume("yes | head -c 100 >/v/x; chown 12:34 /v/x; chmod 640 /v/x");
        assertThat(files().put("/", "x", "123456".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        assertThat(inVolume("stat -c '%s %u:%g %a' /v/x; ls -A /v").out().lines())
                .containsExactly("6 12:34 640", "x");
    }

    @Test
    void aFolderIsMadeForAFile() {
        assertThat(files().put("/new/deep", "f", new byte[0]).statusCode()).isEqualTo(204);
        assertThat(files().list("/new/deep").get(0).path("Size").asLong(-1)).isZero();
        assertThat(files().ask("GET", "get", "/new/deep/f").body()).isEmpty();
    }

    @Test
    void whatIsWrongIsRefusedWithTheReason() {
        inVolume("mkdir /v/d; echo x >/v/d/f; mkfifo /v/pipe; mknod /v/null c 1 3");
        assertThat(text(files().send("GET", "/v2/browse/ls", BodyPublishers.noBody(), Map.of())))
                .startsWith("400")
                .contains("Invalid query parameter: path");
        assertThat(text(files().ask("GET", "ls", "/../.."))).startsWith("400");
        assertThat(text(files().in("../x").ask("GET", "ls", "/"))).startsWith("400");
        assertThat(text(files().in("no-such-volume").ask("GET", "ls", "/"))).startsWith("404");
        assertThat(text(files().ask("GET", "get", "d"))).startsWith("400").contains("directory");
        assertThat(text(files().ask("GET", "get", "pipe"))).startsWith("403").contains("device");
        assertThat(text(files().ask("GET", "get", "null"))).startsWith("403").contains("device");
        assertThat(text(files().ask("GET", "get", "missing")))
                .startsWith("500")
                .contains("Unable to open file", "No such file");
        assertThat(text(files().ask("DELETE", "delete", "d")))
                .startsWith("500")
                .contains("Unable to remove file", "not empty");
        assertThat(text(files().ask("DELETE", "delete", "/"))).startsWith("400");
        assertThat(text(files().rename("missing", "other")))
                .startsWith("500")
                .contains("Unable to rename file");
        assertThat(text(files().put("/d/f", "x", new byte[1]))).startsWith("500");
        assertThat(text(files().put("/", "..", new byte[1]))).contains("400", "Invalid filename");
        assertThat(files().ask("POST", "ls", "/").statusCode()).isEqualTo(405);
        assertThat(files().ask("GET", "nothing", "/").statusCode()).isEqualTo(404);
        assertThat(inVolume("find /v | sort").out().lines())
                .containsExactly("/v", "/v/d", "/v/d/f", "/v/null", "/v/pipe");
    }

    @Test
    void aContainersLinksDoNotLeadOutOfItsVolume() {
        inVolume(
                "cd /v; ln -s /etc etc; ln -s / root; ln -s ../../.. up; ln -s /proc/self/root p;"
                        + " ln -s /data/trust.json t; ln -s in.txt ok; echo in >in.txt");
        for (String path :
                List.of("etc/passwd", "root/etc/passwd", "up/docker", "p/etc/passwd", "t")) {
            assertThat(text(files().ask("GET", "get", path))).as(path).startsWith("403");
            assertThat(text(files().ask("GET", "ls", path))).as(path).startsWith("403");
        }
        assertThat(text(files().put("/up", "planted", new byte[1]))).startsWith("403");
        assertThat(text(files().ask("DELETE", "delete", "etc/passwd"))).startsWith("403");
        assertThat(text(files().rename("in.txt", "up/planted"))).startsWith("403");
        assertThat(text(files().ask("GET", "get", "ok"))).isEqualTo("200 in\n");
        assertThat(files().list("/").findValuesAsString("Name")).contains("etc", "root", "up");
    }

    /** A container swaps a folder and a link while 10,000 requests go through both. */
    @Test
    void aContainerThatSwapsLinksLeadsNobodyOut() throws Exception {
        inVolume("mkdir /v/t /v/t/etc; echo inside >/v/t/etc/passwd");
        String swapper = AGENT + "-swapper";
        String script =
                "cd /v; while :; do mv t a; ln -s / t; rm t; ln -s /proc/self/root t; rm t; mv a t; done";
        host.cli()
                .run(
                        "run",
                        "--detach",
                        "--name=" + swapper,
                        "-v=" + VOLUME + ":/v",
                        "lab/workload:1",
                        "sh",
                        "-c",
                        script)
                .orThrow();
        Map<String, LongAdder> answers = new ConcurrentHashMap<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 10_000; i++) {
                clients.execute(
                        () ->
                                answers.computeIfAbsent(
                                                text(files().ask("GET", "get", "t/etc/passwd"))
                                                        .replaceAll("(?s)^([45]..) .*", "$1"),
                                                answer -> new LongAdder())
                                        .increment());
            }
        } finally {
            host.cli().run("rm", "--force", swapper).orThrow();
        }
        assertThat(answers.keySet()).containsExactlyInAnyOrder("200 inside\n", "403", "500");
        assertThat(answers.values().stream().mapToLong(LongAdder::sum).sum()).isEqualTo(10_000);
    }

    @Test
    void aFolderIsPackedAndUnpacked() {
        inVolume(
                "mkdir -p /v/d/e; echo one >/v/d/1; echo two >/v/d/e/2; ln -s ../1 /v/d/e/l;"
                        + " chmod 700 /v/d/e; chown 5:6 /v/d/1; head -c 3000000 /dev/zero >/v/d/big");
        HttpResponse<byte[]> tar = files().ask("GET", "archive", "d");
        assertThat(tar.statusCode()).isEqualTo(200);
        HttpResponse<byte[]> unpacked =
                files().send("PUT", "archive", "/copy", BodyPublishers.ofByteArray(tar.body()));
        assertThat(text(unpacked)).isEqualTo("204 ");
        String look =
                "cd /v/%s; find . | sort; stat -c '%%n %%a %%u:%%g %%s' 1 e big; readlink e/l";
        assertThat(inVolume(look.formatted("copy")).out())
                .isEqualTo(inVolume(look.formatted("d")).out());
        HttpResponse<byte[]> half =
                files().send(
                                "PUT",
                                "archive",
                                "/half",
                                BodyPublishers.ofByteArray(tar.body(), 0, 100_000));
        assertThat(text(half)).startsWith("400").contains("no whole tar archive");
        assertThat(
                        text(
                                files().send(
                                                "DELETE",
                                                "/v2/browse/delete?path=copy&recursive=1",
                                                BodyPublishers.noBody(),
                                                Map.of())))
                .isEqualTo("204 ");
        assertThat(files().list("/").findValuesAsString("Name"))
                .contains("d")
                .doesNotContain("copy");
    }

    /** What GNU tar and others can write, and no volume should get. */
    @Test
    void whatIsWrongInAnArchiveIsRefused() throws IOException {
        inVolume("echo kept >/v/kept");
        for (byte type :
                new byte[] {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO}) {
            assertThat(unpack(entry("kept", type, "", 0)))
                    .startsWith("400")
                    .contains("is neither a file nor a folder nor a link");
        }
        assertThat(unpack(entry("kept", TarConstants.LF_LINK, "kept", 0)))
                .as("a hard link to itself")
                .isEqualTo("204 ");
        assertThat(unpack(entry("../out", TarConstants.LF_NORMAL, "", 1))).startsWith("400");
        assertThat(unpack(entry("long", TarConstants.LF_GNUTYPE_LONGNAME, "", 40 << 20)))
                .as("a name of 40 MB is not held in memory")
                .startsWith("400");
        assertThat(text(files().ask("GET", "get", "kept"))).isEqualTo("200 kept\n");
        assertThat(files().list("/").findValuesAsString("Name")).containsExactly("kept");
    }

    private static String unpack(byte[] tar) {
        return text(files().send("PUT", "archive", "/", BodyPublishers.ofByteArray(tar)));
    }

    private static byte[] entry(String name, byte type, String link, int size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setLinkName(link);
            entry.setSize(size);
            tar.putArchiveEntry(entry);
            tar.write(new byte[size]);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    @Test
    void largeFoldersListedAtOnceDoNotTakeTheAgentsMemory() throws Exception {
        inVolume("cd /v; i=0; x=$(printf %200s | tr ' ' x); seq 60000 | sed s/$/$x/ | xargs touch");
        try (ExecutorService clients = Executors.newFixedThreadPool(12)) {
            List<Future<Integer>> listings = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                listings.add(clients.submit(() -> files().list("/").size()));
            }
            for (Future<Integer> listing : listings) {
                assertThat(listing.get()).isEqualTo(60_000);
            }
        }
        assertThat(
                        host.cli()
                                .run("inspect", "-f", "{{.RestartCount}} {{.State.Running}}", AGENT)
                                .orThrow()
                                .out()
                                .strip())
                .isEqualTo("0 true");
    }

    @Test
    void aClientThatLeavesLeavesNothingOpen() throws Exception {
        inVolume("mkdir /v/d; cd /v/d; seq 2000 | xargs touch; head -c 2000000 /dev/zero >/v/big");
        String pid =
                host.cli().run("inspect", "-f", "{{.State.Pid}}", AGENT).orThrow().out().strip();
        String[] calls = {"ls?path=d", "archive?path=/", "get?path=big"};
        for (int i = 0; i < 300; i++) {
            abandon("/v2/browse/" + calls[i % calls.length] + "&volumeID=" + VOLUME, i % 7);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(
                                                host.exec("ls", "-l", "/proc/" + pid + "/fd")
                                                        .orThrow()
                                                        .out())
                                        .doesNotContain("/volumes/" + VOLUME));
        assertThat(log()).doesNotContain("Already closed", "Exception in thread");
    }

    /** Asks, and goes away without a word some milliseconds later. */
    private static void abandon(String target, int milliseconds) throws Exception {
        RawTls client = RawTls.remote(host.address(), PORT);
        client.send(
                "GET "
                        + target
                        + " HTTP/1.1\r\nHost: x\r\n"
                        + RawTls.lines(KEY.headers(SECRET))
                        + "\r\n");
        // Not a wait for something: the moment at which it leaves is what is tried.
        Thread.sleep(milliseconds);
        client.vanish();
    }

    @Test
    void filesOfTheKernelAndNamesWithSemicolonsAreFiles() {
        host.exec(
                        "sh",
                        "-c",
                        "mkdir -p /srv/odd; mknod /srv/odd/null c 1 3; echo x >'/srv/odd/a;b'")
                .orThrow();
        try {
            assertThat(text(hostFiles().ask("GET", "get", "/host/sys/class/net/lo/mtu")))
                    .as("a file that says to be longer than it is")
                    .isEqualTo("200 65536\n");
            assertThat(
                            hostFiles()
                                    .ask("GET", "archive", "/host/sys/class/net/lo/statistics")
                                    .statusCode())
                    .isEqualTo(200);
            assertThat(text(hostFiles().ask("GET", "get", "/host/proc/kmsg")))
                    .startsWith("403")
                    .contains("takes messages");
            assertThat(text(hostFiles().put("/host/srv/odd", "null", new byte[1])))
                    .startsWith("403")
                    .contains("is a device");
            assertThat(host.exec("test", "-c", "/srv/odd/null").exitCode()).isZero();
            HttpResponse<byte[]> plain =
                    hostFiles()
                            .send(
                                    "GET",
                                    "/v2/browse/get?path=/host/srv/odd/a;b",
                                    BodyPublishers.noBody(),
                                    Map.of());
            assertThat(text(plain)).isEqualTo("200 x\n");
            assertThat(text(hostFiles().rename("/host/srv/odd/a;b", "/host/srv/odd/c")))
                    .isEqualTo("204 ");
            assertThat(log()).contains("path=\"/host/srv/odd/a;b -> /host/srv/odd/c\"");
        } finally {
            host.exec("rm", "-r", "/srv/odd").orThrow();
        }
    }

    @Test
    void moreIsToldOnRequest() {
        inVolume("ln -s target /v/l; mkdir -m 1777 /v/t; chown 7:8 /v/t");
        HttpResponse<byte[]> listed =
                files().send(
                                "GET",
                                "/v2/browse/ls?path=/&details=1",
                                BodyPublishers.noBody(),
                                Map.of());
        assertThat(new String(listed.body(), UTF_8))
                .contains("\"Type\":\"link\"", "\"LinkTarget\":\"target\"")
                .contains("\"Type\":\"directory\",\"Mode\":\"1777\",\"Uid\":7,\"Gid\":8");
        assertThat(files().ask("POST", "mkdir", "/x/y").statusCode()).isEqualTo(204);
        assertThat(files().list("/x").get(0).path("Dir").asBoolean()).isTrue();
        assertThat(text(files().ask("GET", "space", "/")))
                .matches("200 \\{\"Total\":\\d{8,},\"Free\":\\d{6,},\"Available\":\\d{6,}}");
    }

    @Test
    void namesOfAnyKindAreNames() {
        List<String> names = List.of("ä ö.txt", "a\"b\\c", "-rf", "new\nline", "日本", "%2e%2e");
        for (String name : names) {
            inVolume("printf x >'/v/" + name + "'");
        }
        assertThat(files().list("/").findValuesAsString("Name"))
                .containsExactlyInAnyOrderElementsOf(names);
        for (String name : names) {
            assertThat(text(files().ask("GET", "get", name))).as(name).isEqualTo("200 x");
        }
    }

    @Test
    void theHostsFilesAreThereBelowHostOnly() {
        host.exec("sh", "-c", "mkdir -p /srv/browse-it; echo hello >/srv/browse-it/f").orThrow();
        assertThat(text(hostFiles().ask("GET", "get", "/host/srv/browse-it/f")))
                .isEqualTo("200 hello\n");
        assertThat(text(hostFiles().put("/host/srv/browse-it", "g", "new".getBytes(UTF_8))))
                .isEqualTo("204 ");
        assertThat(host.exec("cat", "/srv/browse-it/g").orThrow().out()).isEqualTo("new");
        assertThat(text(hostFiles().ask("GET", "get", "/host/proc/sys/kernel/osrelease")))
                .as("a file without a size")
                .isEqualTo("200 " + host.exec("uname", "-r").orThrow().out());
        for (String path : List.of("/etc/passwd", "/data", "/", "/hostile", "/host/../etc")) {
            assertThat(hostFiles().ask("GET", "ls", path).statusCode())
                    .as(path)
                    .isBetween(400, 403);
        }
        assertThat(text(hostFiles().ask("GET", "ls", "/host/proc/1/root"))).startsWith("403");
        assertThat(text(hostFiles().ask("GET", "ls", "/host/proc/self/root"))).startsWith("403");
        assertThat(text(hostFiles().ask("GET", "get", "/host/dev/null"))).startsWith("403");
        assertThat(log())
                .contains("outcome=read", "path=/host/srv/browse-it/f")
                .containsPattern("outcome=changed .*path=/host/srv/browse-it/g");
        host.exec("rm", "-r", "/srv/browse-it").orThrow();
    }

    private static String log() {
        CommandResult logs = host.cli().run("logs", AGENT).orThrow();
        return logs.out() + logs.err();
    }

    @Test
    void aTokenThatReadsDoesNotReadTheHost() {
        String token =
                host.cli()
                        .run("exec", AGENT, "agent", "token", "create", "--scope=read", "--name=b")
                        .orThrow()
                        .out()
                        .strip();
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
        FilesClient reader = new FilesClient(host.address() + ":" + PORT, bearer, VOLUME);
        AtomicReference<String> listed = new AtomicReference<>("");
        Awaitility.await()
                .atMost(Duration.ofSeconds(2))
                .untilAsserted(
                        () -> {
                            listed.set(text(reader.ask("GET", "ls", "/")));
                            assertThat(listed.get()).startsWith("200");
                        });
        assertThat(text(reader.in("").ask("GET", "ls", "/host"))).startsWith("403");
        assertThat(text(reader.ask("DELETE", "delete", "x"))).startsWith("403");
        assertThat(
                        text(
                                new FilesClient(host.address() + ":" + PORT, Map.of(), "")
                                        .ask("GET", "ls", "/host")))
                .startsWith("403");
    }

    @Test
    void whatIsNotMountedOrNotOnIsNamed() {
        FilesClient bare = another();
        try {
            assertThat(text(bare.ask("GET", "ls", "/")))
                    .startsWith("500")
                    .contains("-v /var/lib/docker/volumes:/var/lib/docker/volumes");
            assertThat(text(bare.in("").ask("GET", "ls", "/host")))
                    .startsWith("404")
                    .contains("CAP_HOST_MANAGEMENT=1");
        } finally {
            removeAnother();
        }
    }

    @Test
    void aReadOnlyAgentReadsOnly() {
        inVolume("echo x >/v/x");
        FilesClient reader =
                another(
                        "--env=AGENT_READ_ONLY=1",
                        "-v=/:/host",
                        "-v=/var/lib/docker/volumes:/var/lib/docker/volumes");
        try {
            assertThat(text(reader.ask("GET", "get", "x"))).isEqualTo("200 x\n");
            assertThat(text(reader.in("").ask("GET", "ls", "/host/etc"))).startsWith("200");
            assertThat(text(reader.put("/", "y", new byte[1]))).startsWith("403");
            assertThat(text(reader.ask("DELETE", "delete", "x"))).startsWith("403");
            assertThat(text(reader.in("").ask("POST", "mkdir", "/host/tmp/x"))).startsWith("403");
        } finally {
            removeAnother();
        }
        assertThat(files().list("/").findValuesAsString("Name")).containsExactly("x");
    }

    /** The volume, whose disk is somewhere else, is seen where the engine says that it is. */
    @Test
    void aDiskThatIsFullKeepsTheFileBefore() {
        String small = VOLUME + "-small";
        host.cli()
                .run(
                        "volume",
                        "create",
                        "--opt=type=tmpfs",
                        "--opt=device=tmpfs",
                        "--opt=o=size=1m",
                        small)
                .orThrow();
        String user = AGENT + "-user";
        FilesClient full = files().in(small);
        try {
            assertThat(text(full.ask("GET", "ls", "/")))
                    .as("a volume that no container uses")
                    .startsWith("500")
                    .contains("rslave");
            host.cli()
                    .run(
                            "run",
                            "--detach",
                            "--name=" + user,
                            "-v=" + small + ":/v",
                            "lab/workload:1",
                            "sleep",
                            "600")
                    .orThrow();
            FilesClient seeing =
                    another("-v=/var/lib/docker/volumes:/var/lib/docker/volumes:rslave").in(small);
            assertThat(text(seeing.put("/", "x", "before".getBytes(UTF_8)))).isEqualTo("204 ");
            assertThat(text(seeing.put("/", "x", new byte[2 << 20])))
                    .startsWith("507")
                    .contains("No space left");
            assertThat(text(seeing.ask("GET", "get", "x"))).isEqualTo("200 before");
            assertThat(seeing.list("/").findValuesAsString("Name")).containsExactly("x");
        } finally {
            removeAnother();
            host.cli().run("rm", "--force", user).orThrow();
            host.cli().run("volume", "rm", "--force", small).orThrow();
        }
    }

    private static FilesClient another(String... options) {
        removeAnother();
        run(AGENT + "-another", PORT + 1, options);
        return new FilesClient(host.address() + ":" + (PORT + 1), KEY.headers(SECRET), VOLUME);
    }

    private static void removeAnother() {
        host.cli().run("rm", "--force", "--volumes", AGENT + "-another").orThrow();
    }
}
