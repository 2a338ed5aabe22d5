// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.fixture.RecordingVolumes;
import io.hostagent.capability.volumes.plugin.EngineWire.Reply;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.json.JsonTree;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol on a real socket, byte by byte. */
@Timeout(60)
class PluginServerTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final PluginLimits LIMITS =
            new PluginLimits(
                    Duration.ofMillis(700),
                    Duration.ofMillis(700),
                    Duration.ofMillis(700),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(200));

    @TempDir Path temporary;

    private final RecordingVolumes volumes = new RecordingVolumes();
    private final AtomicBoolean known = new AtomicBoolean(true);
    private final AtomicInteger activations = new AtomicInteger();
    private volatile Runnable activated = activations::incrementAndGet;
    private final List<AutoCloseable> open = new ArrayList<>();
    private Path socket = Path.of("/");
    private PluginServer server = server(socket);

    @BeforeEach
    void start() throws Exception {
        socket = temporary.resolve("plugins/x/x.sock");
        server = begin();
    }

    @AfterEach
    void stop() throws Exception {
        volumes.gate.countDown();
        volumes.unmountGate.countDown();
        for (AutoCloseable thing : open.reversed()) {
            thing.close();
        }
    }

    private PluginServer server(Path at) {
        return new PluginServer(at, volumes, known::get, () -> activated.run(), LIMITS);
    }

    private PluginServer begin() throws Exception {
        PluginServer started = server(socket);
        open.add(started);
        started.start();
        started.opened().toFuture().get(10, TimeUnit.SECONDS);
        return started;
    }

    private EngineWire connect() throws IOException {
        EngineWire wire = new EngineWire(socket);
        open.add(wire);
        return wire;
    }

    private Reply post(String path, String body) throws IOException {
        try (EngineWire wire = new EngineWire(socket)) {
            return wire.post(path, body);
        }
    }

    private static String error(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.head())
                .containsIgnoringCase("content-type: application/vnd.docker.plugins.v1.2+json\r\n");
        return String.valueOf(JsonTree.text(JsonTree.read(reply.body()), "Err"));
    }

    @Test
    void leavesNothingRunningWhenItIsClosedWhileItOpens() {
        long before = eventLoops();
        for (int i = 0; i < 60; i++) {
            PluginServer another = server(socket.resolveSibling("other" + i + ".sock"));
            another.start();
            // From before it is bound until after it is published.
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100L * i));
            another.close();
            another.start();
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> eventLoops() <= before);
        for (int i = 0; i < 60; i++) {
            assertThat(socket.resolveSibling("other" + i + ".sock")).doesNotExist();
        }
    }

    private static long eventLoops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("agent-volumes-plugin"))
                .count();
    }

    @Test
    void tellsWhatItIsWhateverTheBodyIs() throws Exception {
        for (String body : List.of("", "{}", "junk", "null", "x".repeat(1 << 20))) {
            assertThat(post("/Plugin.Activate", body).body())
                    .isEqualTo("{\"Implements\":[\"VolumeDriver\"]}");
            assertThat(post("/VolumeDriver.Capabilities", body).body())
                    .isEqualTo("{\"Capabilities\":{\"Scope\":\"global\"},\"Err\":\"\"}");
            assertThat(post("/VolumeDriver.List", body).body()).isEqualTo("{\"Volumes\":[]}");
        }
        assertThat(activations).hasValue(5);
    }

    @Test
    void answersAnActivationWhenAllOfItIsDone() throws Exception {
        activated =
                () -> {
                    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                    activations.incrementAndGet();
                };

        assertThat(post("/Plugin.Activate", "").body()).contains("VolumeDriver");
        assertThat(activations).hasValue(1);
    }

    @Test
    void answersAnActivationThatFailsOrHangs() throws Exception {
        activated =
                () -> {
                    throw new IllegalStateException("no");
                };
        assertThat(post("/Plugin.Activate", "").body()).contains("VolumeDriver");

        CountDownLatch hang = new CountDownLatch(1);
        activated = () -> await().atMost(Duration.ofSeconds(30)).until(() -> hang.getCount() == 0);
        try (EngineWire wire = new EngineWire(socket)) {
            wire.send(EngineWire.request("/Plugin.Activate", ""));
            assertThat(error(post("/VolumeDriver.Unmount", mount("v1", "1")))).isEmpty();
            assertThat(wire.reply().body()).contains("VolumeDriver");
        } finally {
            hang.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GET", "PATH", "CREATE", "REMOVE", "MOUNT", "UNMOUNT"})
    void refusesWhatIsNoRequestAndChangesNothing(PluginCall call) throws Exception {
        List<String> bodies =
                List.of(
                        "",
                        "{}",
                        "junk",
                        "null",
                        "[]",
                        "\"Name\"",
                        "{\"Name\":null}",
                        "{\"Name\":\"\"}",
                        "{\"Name\":7}",
                        "{\"Name\":[\"a\"]}",
                        "{\"Name\":\"a\"",
                        "{\"Name\":\"a\",\"ID\":7}",
                        "{\"Name\":\"a\",\"Opts\":[]}",
                        "{\"Name\":\"a\",\"Opts\":{\"size\":1}}",
                        "{\"Name\":\"a\",\"Opts\":{\"size\":null}}",
                        "{\"Name\":\"a\",\"x\":\"" + "y".repeat(1 << 20) + "\"}");
        EngineWire wire = connect();

        for (String body : bodies) {
            assertThat(error(wire.post(call.path(), body))).as(body).isNotEmpty();
        }
        assertThat(volumes.changes).isEmpty();
    }

    @Test
    void refusesNamesThatNoVolumeCanHave() throws Exception {
        for (String name :
                List.of("../../etc", "a/b", "a b", ".", "..", "é", "x".repeat(300), "a\\u0000b")) {
            String body = "{\"Name\":\"" + name + "\",\"ID\":\"1\"}";
            for (PluginCall call : PluginCall.values()) {
                if (call.path().matches(".*(Create|Remove|Mount|Unmount)")) {
                    assertThat(error(post(call.path(), body))).contains("no name for a volume");
                }
            }
            assertThat(error(post("/VolumeDriver.Get", body))).isEqualTo("no such volume");
        }
        assertThat(volumes.changes).isEmpty();
    }

    @Test
    void passesOnWhatAnEngineWants() throws Exception {
        EngineWire wire = connect();

        assertThat(error(wire.post("/VolumeDriver.Create", "{\"Name\":\"a\",\"Opts\":null}\n")))
                .isEmpty();
        assertThat(error(wire.post("/VolumeDriver.Create", "{\"Name\":\"b\"}"))).isEmpty();
        assertThat(
                        error(
                                wire.post(
                                        "/VolumeDriver.Create",
                                        "{\"Name\":\"c\",\"Opts\":{\"size\":\"1G\"},\"New\":{}}")))
                .isEmpty();
        assertThat(wire.post("/VolumeDriver.Mount", "{\"Name\":\"c\",\"ID\":\"i\"}").body())
                .isEqualTo("{\"Mountpoint\":\"/var/lib/x/mounts/1/_data\",\"Err\":\"\"}");
        assertThat(error(wire.post("/VolumeDriver.Mount", "{\"Name\":\"c\"}"))).isEmpty();
        assertThat(wire.post("/VolumeDriver.Unmount", "{\"Name\":\"c\",\"ID\":\"i\"}").body())
                .isEqualTo("{\"Err\":\"\"}");
        assertThat(error(wire.post("/VolumeDriver.Unmount", "{\"Name\":\"c\",\"ID\":null}")))
                .isEmpty();
        assertThat(error(wire.post("/VolumeDriver.Remove", "{\"Name\":\"c\"}"))).isEmpty();

        assertThat(volumes.changes)
                .containsExactly(
                        "create a {}",
                        "create b {}",
                        "create c {size=1G}",
                        "mount c i",
                        "mount c ",
                        "unmount c i",
                        "unmount c ",
                        "remove c false false");
    }

    @Test
    void saysWhatFailedAndKeepsItsOwnDefectsToItself() throws Exception {
        assertThat(
                        error(
                                post(
                                        "/VolumeDriver.Create",
                                        "{\"Name\":\"a\",\"Opts\":{\"banana\":\"1\"}}")))
                .isEqualTo("There is no option banana: Valid is size");
        assertThat(error(post("/VolumeDriver.Create", "{\"Name\":\"a\",\"Opts\":{\"bug\":\"1\"}}")))
                .isEqualTo("internal error, see the agent's log");
    }

    @Test
    void showsAVolume() throws Exception {
        volumes.add(
                "a",
                VolumeState.ACTIVE,
                Optional.of(Path.of("/m/_data")),
                RecordingVolumes.spec(1024, "gold"));
        volumes.add("b", VolumeState.NEW, Optional.empty());

        String id = volumes.find("a").orElseThrow().record().id().toString();
        assertThat(post("/VolumeDriver.Get", "{\"Name\":\"a\"}").body())
                .isEqualTo(
                        "{\"Volume\":{\"Name\":\"a\",\"Mountpoint\":\"/m/_data\","
                                + "\"CreatedAt\":\"2026-02-03T04:05:06Z\",\"Status\":{\"id\":\""
                                + id
                                + "\",\"owner\":\"node1\",\"epoch\":7,\"state\":\"active\","
                                + "\"backend\":\"directory\",\"size\":1024,\"class\":\"gold\","
                                + "\"onremove\":\"trash\"}},\"Err\":\"\"}");
        assertThat(post("/VolumeDriver.Get", "{\"Name\":\"b\"}").body())
                .startsWith("{\"Volume\":{\"Name\":\"b\",\"CreatedAt\":")
                .doesNotContain("Mountpoint", "null", "size", "class");
        assertThat(post("/VolumeDriver.Path", "{\"Name\":\"a\"}").body())
                .isEqualTo("{\"Mountpoint\":\"/m/_data\",\"Err\":\"\"}");
        assertThat(error(post("/VolumeDriver.Path", "{\"Name\":\"b\"}"))).contains("not mounted");
        assertThat(post("/VolumeDriver.List", "{}").body())
                .isEqualTo(
                        "{\"Volumes\":[{\"Name\":\"a\",\"Mountpoint\":\"/m/_data\"},"
                                + "{\"Name\":\"b\"}]}");
    }

    @Test
    void showsNoVolumeThatIsGoneOrGoing() throws Exception {
        volumes.add("a", VolumeState.DELETED, Optional.empty());
        volumes.add("b", VolumeState.DELETING, Optional.empty());

        assertThat(post("/VolumeDriver.List", "{}").body()).isEqualTo("{\"Volumes\":[]}");
        for (String name : List.of("a", "b", "c")) {
            assertThat(error(post("/VolumeDriver.Get", "{\"Name\":\"" + name + "\"}")))
                    .isEqualTo("no such volume");
        }
    }

    @Test
    void refusesOtherMethodsAndPaths() throws Exception {
        EngineWire wire = connect();
        for (PluginCall call : PluginCall.values()) {
            wire.send("GET " + call.path() + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(405);
        }
        assertThat(wire.post("/VolumeDriver.Nothing", "{}").status()).isEqualTo(404);
        assertThat(wire.post("/", "{}").status()).isEqualTo(404);
        assertThat(error(wire.post("/VolumeDriver.Remove", "{}"))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: \r\n",
                "",
                "Host: plugin.moby.localhost\r\nAccept: application/vnd.docker.plugins.v1+json\r\n",
                "Host: x\r\nContent-Type: text/plain\r\nAccept: text/html\r\n"
            })
    void caresForNoHeader(String headers) throws Exception {
        EngineWire wire = connect();
        wire.send(
                "POST /VolumeDriver.Create HTTP/1.1\r\n"
                        + headers
                        + "Content-Length: 12\r\n\r\n{\"Name\":\"a\"}");

        assertThat(error(wire.reply())).isEmpty();
    }

    @Test
    void answersRequestsThatComeOneBehindTheOther() throws Exception {
        EngineWire wire = connect();
        wire.send(
                EngineWire.request("/VolumeDriver.Mount", "{\"Name\":\"a\",\"ID\":\"1\"}")
                        + EngineWire.request(
                                "/VolumeDriver.Unmount", "{\"Name\":\"a\",\"ID\":\"1\"}")
                        + EngineWire.request("/VolumeDriver.List", "{}"));

        assertThat(wire.reply().body()).contains("Mountpoint");
        assertThat(wire.reply().body()).isEqualTo("{\"Err\":\"\"}");
        assertThat(wire.reply().body()).isEqualTo("{\"Volumes\":[]}");
        assertThat(volumes.changes).containsExactly("mount a 1", "unmount a 1");
    }

    @Test
    void doesNothingForHalfARequest() throws Exception {
        try (EngineWire wire = connect()) {
            wire.send("POST /VolumeDriver.Remove HTTP/1.1\r\nHost: \r\nContent-Length: 20\r\n\r\n");
            wire.send("{\"Name\":\"a\"}");
        }

        assertThat(error(post("/VolumeDriver.Unmount", "{\"Name\":\"b\"}"))).isEmpty();
        assertThat(volumes.changes).containsExactly("unmount b ");
    }

    @Test
    void isThereWhileMountsHang() throws Exception {
        volumes.gate = new CountDownLatch(1);
        List<EngineWire> hanging = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            EngineWire wire = connect();
            wire.send(EngineWire.request("/VolumeDriver.Mount", mount("v" + i, "1")));
            hanging.add(wire);
        }
        await().atMost(LIMIT).until(() -> volumes.changes.size() == 64);
        volumes.add("a", VolumeState.ACTIVE, Optional.empty());
        post("/Plugin.Activate", "");

        long begin = System.nanoTime();
        assertThat(post("/Plugin.Activate", "").body()).contains("VolumeDriver");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(50));
        assertThat(error(post("/VolumeDriver.Get", "{\"Name\":\"a\"}"))).isEmpty();
        assertThat(error(post("/VolumeDriver.Unmount", mount("v1", "1")))).isEmpty();
        for (EngineWire wire : hanging) {
            assertThat(error(wire.reply())).contains("still being mounted", "retry");
        }
    }

    @Test
    void givesAMountBackThatNobodyWaitsForAnyMore() throws Exception {
        volumes.gate = new CountDownLatch(1);
        assertThat(error(post("/VolumeDriver.Mount", mount("a", "1"))))
                .startsWith("a is still being mounted");

        volumes.gate.countDown();

        await().atMost(LIMIT).until(() -> volumes.changes.contains("unmount a 1"));
    }

    @Test
    void doesNotTakeTheNextMountAwayWithTheOneThatItGivesBack() throws Exception {
        volumes.gate = new CountDownLatch(1);
        volumes.unmountGate = new CountDownLatch(1);
        assertThat(error(post("/VolumeDriver.Mount", mount("a", "1"))))
                .startsWith("a is still being mounted");
        volumes.gate.countDown();
        await().atMost(LIMIT).until(() -> volumes.changes.contains("unmount a 1"));

        EngineWire wire = connect();
        wire.send(EngineWire.request("/VolumeDriver.Mount", mount("a", "1")));
        await().during(Duration.ofMillis(200)).until(() -> volumes.changes.size() == 2);
        volumes.unmountGate.countDown();

        assertThat(error(wire.reply())).isEmpty();
        assertThat(volumes.changes).containsExactly("mount a 1", "unmount a 1", "mount a 1");
    }

    @Test
    void letsTheNextMountWaitForTheOneThatGoesOn() throws Exception {
        volumes.gate = new CountDownLatch(1);
        assertThat(error(post("/VolumeDriver.Mount", mount("a", "1"))))
                .startsWith("a is still being mounted");

        EngineWire wire = connect();
        wire.send(EngineWire.request("/VolumeDriver.Mount", mount("a", "1")));
        await().during(Duration.ofMillis(200)).until(() -> volumes.changes.size() == 1);
        volumes.gate.countDown();

        assertThat(error(wire.reply())).isEmpty();
        assertThat(volumes.changes).containsExactly("mount a 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "some/where"})
    void neverGivesAContainerAPathThatIsNotWhole(String path) throws Exception {
        volumes.point = Path.of(path);

        Reply reply = post("/VolumeDriver.Mount", mount("a", "1"));

        assertThat(error(reply)).isEqualTo("internal error, see the agent's log");
        assertThat(reply.body()).doesNotContain("Mountpoint");
    }

    @Test
    void hangsUpRatherThanDenyAVolumeThatMayBeThere() throws Exception {
        known.set(false);
        volumes.add("a", VolumeState.ACTIVE, Optional.empty());
        assertThat(error(post("/VolumeDriver.Get", "{\"Name\":\"a\"}"))).isEmpty();

        EngineWire wire = connect();
        wire.send(EngineWire.request("/VolumeDriver.Get", "{\"Name\":\"b\"}"));
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(wire::reply)
                .withMessage("Closed after: ");
    }

    @Test
    void answersAsSoonAsTheVolumesAreKnown() throws Exception {
        known.set(false);
        EngineWire first = connect();
        EngineWire second = connect();
        first.send(EngineWire.request("/VolumeDriver.Get", "{\"Name\":\"a\"}"));
        second.send(EngineWire.request("/VolumeDriver.Get", "{\"Name\":\"b\"}"));
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);

        volumes.add("a", VolumeState.ACTIVE, Optional.empty());
        known.set(true);

        assertThat(first.reply().body()).contains("\"Name\":\"a\"");
        assertThat(error(second.reply())).isEqualTo("no such volume");
    }

    @Test
    void listsAThousandVolumesQuickly() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            volumes.add("v" + i, VolumeState.ACTIVE, Optional.of(Path.of("/m/" + i + "/_data")));
        }
        EngineWire wire = connect();
        for (int i = 0; i < 200; i++) {
            wire.post("/VolumeDriver.List", "{}");
        }

        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long begin = System.nanoTime();
            Reply reply =
                    wire.post(
                            i % 2 == 0 ? "/VolumeDriver.List" : "/VolumeDriver.Get",
                            "{\"Name\":\"v500\"}");
            micros.add((System.nanoTime() - begin) / 1_000);
            assertThat(reply.body()).contains("\"v500\"").doesNotContain("null");
        }
        assertThat(micros.stream().sorted().toList().get(197)).isLessThan(20_000);
    }

    @Test
    void isForRootAlone() throws Exception {
        assertThat(Files.getPosixFilePermissions(socket))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(socket.resolveSibling("")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        try (var files = Files.list(socket.resolveSibling(""))) {
            assertThat(files).containsExactly(socket);
        }
        assertThat(server.missing()).isEmpty();
    }

    @Test
    void takesThePlaceOfASocketThatADeadProcessLeft() throws Exception {
        socket = temporary.resolve("other/x.sock");
        Files.createDirectories(socket.resolveSibling(""));
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(socket));
        dead.close();
        assertThat(socket).exists();

        begin();

        assertThat(post("/Plugin.Activate", "").status()).isEqualTo(200);
    }

    @Test
    void leavesASocketToTheProcessThatListensOnIt() throws Exception {
        PluginServer second = server(socket);
        open.add(second);
        second.start();

        await().atMost(LIMIT)
                .until(() -> second.missing().filter(a -> a.why().contains("listens")).isPresent());
        assertThat(post("/Plugin.Activate", "").status()).isEqualTo(200);

        server.close();
        second.opened().toFuture().get(10, TimeUnit.SECONDS);
        assertThat(second.missing()).isEmpty();
        assertThat(post("/Plugin.Activate", "").status()).isEqualTo(200);
    }

    @Test
    void replacesNothingButSockets() throws Exception {
        socket = temporary.resolve("file/x.sock");
        Files.createDirectories(socket.resolveSibling(""));
        Files.writeString(socket, "mine", UTF_8);
        PluginServer refused = server(socket);
        open.add(refused);
        refused.start();

        await().atMost(LIMIT)
                .until(
                        () ->
                                refused.missing()
                                        .filter(a -> a.why().contains("socket:"))
                                        .isPresent());
        assertThat(socket).hasContent("mine");
    }

    @Test
    void beginsAgainAtTheSamePlace() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.close();
            assertThat(socket).doesNotExist();
            server = begin();
            assertThat(post("/Plugin.Activate", "").status()).isEqualTo(200);
        }
    }

    @Test
    void endsWhenTheLastCallIsAnswered() throws Exception {
        volumes.gate = new CountDownLatch(1);
        EngineWire idle = connect();
        idle.post("/Plugin.Activate", "");
        EngineWire busy = connect();
        busy.send(EngineWire.request("/VolumeDriver.Mount", mount("a", "1")));
        await().atMost(LIMIT).until(() -> !volumes.changes.isEmpty());

        CompletableFuture<Void> end = CompletableFuture.runAsync(server::close);
        assertThat(idle.read()).isNegative();
        assertThat(socket).exists();
        volumes.gate.countDown();

        assertThat(busy.reply().body()).contains("Mountpoint");
        end.get(10, TimeUnit.SECONDS);
        assertThat(socket).doesNotExist();
    }

    @Test
    void saysWhenItsSocketWasTakenAway() throws Exception {
        Files.delete(socket);

        assertThat(server.missing().orElseThrow().why()).contains("not this agent's any more");
    }

    private static String mount(String name, String id) {
        return "{\"Name\":\"" + name + "\",\"ID\":\"" + id + "\"}";
    }
}
