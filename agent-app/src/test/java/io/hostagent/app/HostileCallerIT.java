// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.RawTls;
import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.core.fixture.ScriptedServer;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packaged agent does with those who mean it no good. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileCallerIT {

    private static final String MARK = "X-Mark";

    /** The preface of a client, and settings of none. */
    private static final String HTTP2_BEGIN =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes("000000 04 00 00000000");

    /** The audit log has a few lines for each address. */
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final ScriptedServer engine = ScriptedServer.open();
    private final RunningAgent agent = start();

    private int seen;

    private RunningAgent start() {
        engine.answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
        return RunningAgent.start(
                Map.of("DOCKER_HOST", "unix://" + engine.socket(), "LOG_MODE", "NOCOLOR"));
    }

    @BeforeEach
    void remember() {
        seen = (int) marked().count();
    }

    @BeforeAll
    void bind() {
        assertThat(agent.get("/containers/json").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void isNoneTheWorse() {
        assertThat(agent.isAlive()).isTrue();
        assertThat(agent.get("/containers/json").body()).isEqualTo("ok");
    }

    @AfterAll
    void close() {
        agent.close();
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Content-Length: 4\r\nContent-Length: 4",
                "Content-Length: 4\r\nContent-Length: 5",
                "Content-Length: 4, 5",
                "Content-Length: 4, 4",
                "Content-Length: +4",
                "Content-Length: -1",
                "Content-Length: 0x4",
                "Content-Length: 4 4",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding : chunked",
                "Content-Length : 4",
                "X-Bare: a\nContent-Length: 4",
                "X-Null: a\u0000b",
                "X-Return: a\rContent-Length: 4",
                "No colon",
                ": no name",
                "X\u0000Y: 1",
                "X Y: 1",
                "X(Y): 1"
            })
    void refusesARequestWhoseEndIsInDoubt(String headers) throws Exception {
        refuses("POST /build HTTP/1.1\r\n" + host() + headers + "\r\n\r\n0\r\n\r\n" + smuggled());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /build HTTP/1.0",
                "POST /build HTTP/1.2",
                "POST /build HTTP/2.0",
                "POST /build HTTP/9.9",
                "POST /build",
                "POST /build http/1.1",
                "POST /build x HTTP/1.1",
                "P(ST /build HTTP/1.1",
                "/build HTTP/1.1",
                "\u0000\u0001\u0002"
            })
    void refusesARequestLineThatIsNone(String line) throws Exception {
        refuses(
                line
                        + "\r\n"
                        + host()
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                        + smuggled());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nabcd\r\n0\r\n\r\n",
                "-1\r\nabcd\r\n0\r\n\r\n",
                "4\nabcd\r\n0\r\n\r\n",
                "4;a\nb\r\nabcd\r\n0\r\n\r\n",
                "0x4\r\nabcd\r\n0\r\n\r\n",
                "fffffffffffffffff\r\nabcd\r\n0\r\n\r\n",
                "4\r\nabcdX0\r\n\r\n"
            })
    void cutsABodyWhoseChunksAreInDoubt(String body) throws Exception {
        try (RawTls client = RawTls.connect(agent.port())) {
            client.send(
                    "POST /build HTTP/1.1\r\n"
                            + host()
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + body
                            + smuggled());
            client.readToEnd();
        }
        assertThat(reached()).doesNotContain(MARK);
    }

    /** RFC 9112 §5.2 leaves a choice between this and a refusal. */
    @Test
    void makesOneLineOfAFoldedHeader() throws Exception {
        try (RawTls client = RawTls.connect(agent.port())) {
            client.send(
                    "POST /build HTTP/1.1\r\n"
                            + host()
                            + "X-Folded: a\r\n Content-Length: 4\r\n\r\n");
            assertThat(client.readResponse()).isEqualTo("200 ok");
        }
        assertThat(reached())
                .contains("X-Folded: a Content-Length: 4\r\n")
                .doesNotContainIgnoringCase("\r\nContent-Length");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/containers/../info",
                "/containers/%2e%2e/info",
                "/containers/%2E%2E%2Finfo",
                "/./info",
                "/info%00",
                "/info%0d%0aX-Mark:%20x",
                "/info\\..\\x",
                "/%ff",
                "/%",
                "/%zz",
                "/caf\u00e9",
                "/v1.41.0/info",
                "/%761.41/info",
                "*",
                "info",
                "/info#x"
            })
    void refusesAPathThatTwoCouldReadDifferently(String path) throws Exception {
        try (RawTls client = RawTls.connect(agent.port())) {
            client.send("GET " + path + " HTTP/1.1\r\n" + host() + "X-Mark: x\r\n\r\n");
            assertThat(client.readResponse()).startsWith("400 ");
        }
        assertThat(reached()).doesNotContain(MARK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|",
                "x|y",
                "00|AAAA",
                "3059|AAAA",
                "3059301306072a8648ce3d020106082a8648ce3d030107034200040000|AAAA",
                "KEY|",
                "KEY|!!!!",
                "KEY|AAAA",
                "KEY|====",
                "zz|SIGNATURE",
                "|SIGNATURE",
                "KEYKEY|SIGNATURE",
                "KEY|SIGNATURESIGNATURE"
            })
    void refusesSignaturesThatAreNone(String keyAndSignature) {
        Map<String, String> good = agent.key().headers();
        String[] parts =
                keyAndSignature
                        .replace("KEY", good.get("X-PortainerAgent-PublicKey"))
                        .replace("SIGNATURE", good.get("X-PortainerAgent-Signature"))
                        .split("\\|", -1);
        Map<String, String> headers = new HashMap<>();
        headers.put("X-PortainerAgent-PublicKey", parts[0]);
        headers.put("X-PortainerAgent-Signature", parts[1]);

        assertThat(agent.get("/containers/json", headers).statusCode()).isEqualTo(403);
    }

    @Test
    void refusesARequestLineAndHeadersThatAreTooLong() throws Exception {
        for (String request :
                List.of(
                        "GET /info?" + "x".repeat(70_000) + " HTTP/1.1\r\n" + host() + "\r\n",
                        "GET /info HTTP/1.1\r\nX: "
                                + "x".repeat(300_000)
                                + "\r\n"
                                + host()
                                + "\r\n",
                        "GET /info HTTP/1.1\r\n" + "X: y\r\n".repeat(80_000) + host() + "\r\n")) {
            try (RawTls client = RawTls.connect(agent.port())) {
                sendAsMuchAsItTakes(client, request);
                assertThat(client.readToEnd()).matches("(?s)(HTTP/1.[01] (400|414|431) .*)?");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | a transfer encoding other than chunked | POST / HTTP/1.1~Transfer-Encoding: MARK",
                "400 | neither HTTP/1.0 nor HTTP/1.1 | GET /MARK HTTP/1.2",
                "400 | malformed HTTP request | G(T /MARK HTTP/1.1",
                "400 | malformed HTTP request | GET / HTTP/1.1~MARK",
                "400 | malformed HTTP request | GET / HTTP/1.1~MARK: x",
                "400 | malformed HTTP request | GET / HTTP/1.1~Content-Length: -1",
                "400 | a host that is none | GET / HTTP/1.1~Host: MARK:MARK",
                "400 | malformed body | POST /x HTTP/1.1~Transfer-Encoding: chunked~~MARK"
            })
    void recordsWhatIsNoHttp(int status, String reason, String request) throws Exception {
        String from = nextAddress();
        try (RawTls client = RawTls.connect(agent.port(), from)) {
            client.send(request.replace("~", "\r\n") + "\r\nHost: x\r\n\r\n");
            client.readToEnd();
        }
        assertRecorded(from, status, reason);
    }

    @Test
    void recordsWhatIsTooLong() throws Exception {
        String from = nextAddress();
        try (RawTls client = RawTls.connect(agent.port(), from)) {
            sendAsMuchAsItTakes(
                    client, "GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            client.readToEnd();
        }
        assertRecorded(from, 414, "request line too long");
        String another = nextAddress();
        try (RawTls client = RawTls.connect(agent.port(), another)) {
            sendAsMuchAsItTakes(client, "GET / HTTP/1.1\r\nX: " + "x".repeat(300_000) + "\r\n\r\n");
            client.readToEnd();
        }
        assertRecorded(another, 431, "headers too long");
    }

    @Test
    void recordsPlainHttp() throws Exception {
        String from = nextAddress();
        try (RawTls client = RawTls.plain(agent.port(), from)) {
            client.send("GET /MARK HTTP/1.1\r\nHost: x\r\n\r\n");
            client.readToEnd();
        }
        assertRecorded(from, 400, "plain HTTP");
    }

    @ParameterizedTest
    @CsvSource({
        // A head of a frame: length, type, flags, stream.
        "PROTOCOL_ERROR, 000004 00 00 00000000 4d41524b",
        "PROTOCOL_ERROR, 000003 01 05 00000002 828784",
        "FRAME_SIZE_ERROR, 000003 06 00 00000000 4d4152",
        "FRAME_SIZE_ERROR, ffffff 00 00 00000001 4d4152",
        "FLOW_CONTROL_ERROR, 000004 08 00 00000000 7fffffff",
        "COMPRESSION_ERROR, 000001 01 05 00000001 ff",
        // X-MARK: capitals, of which only the one stream dies.
        "PROTOCOL_ERROR, 00000c 01 05 00000001 828784 00 06 582d4d41524b 00"
    })
    void recordsWhatIsNoHttp2(String error, String frame) throws Exception {
        String from = nextAddress();
        try (RawTls client = RawTls.connect(agent.port(), from, "h2")) {
            client.send(HTTP2_BEGIN + bytes(frame));
            assertRecorded(from, 400, "HTTP/2 " + error);
        }
    }

    @Test
    void recordsAnHttp2RequestThatIsNone() throws Exception {
        String from = nextAddress();
        try (RawTls client = RawTls.connect(agent.port(), from, "h2")) {
            // The authority is "MARK:x".
            client.send(HTTP2_BEGIN + bytes("00000b 01 05 00000001 828784 41 06 4d41524b3a78"));
            assertRecorded(from, 400, "malformed HTTP request");
        }
    }

    @Test
    void recordsHttp1UnderTheNameOfHttp2() throws Exception {
        String from = nextAddress();
        try (RawTls client = RawTls.connect(agent.port(), from, "h2")) {
            client.send("GET /MARK HTTP/1.1\r\nHost: x\r\n\r\n");
            assertRecorded(from, 400, "HTTP/2 PROTOCOL_ERROR");
        }
    }

    /** As all refusals: a few lines for each address. */
    @Test
    void recordsOnlyAFewOfThem() throws Exception {
        String from = nextAddress();
        for (int i = 0; i < 12; i++) {
            try (RawTls client = RawTls.connect(agent.port(), from)) {
                client.send("G(T / HTTP/1.1\r\n\r\n");
                client.readToEnd();
            }
        }
        assertThat(lines(from)).hasSize(5);
    }

    /** The limit on heads is one of HTTP/1.1, whose connections have one request at a time. */
    @Test
    void leavesAnIdleHttp2ConnectionAlone() throws Exception {
        String ping = "828700 05 3a70617468 05 2f70696e67";
        try (RawTls client = RawTls.connect(agent.port(), "127.0.0.1", "h2")) {
            client.send(HTTP2_BEGIN + bytes("00000f 01 05 00000001 " + ping));
            assertThat(client.readFrame(1)).isNotEmpty();
            long idleUntil = System.nanoTime() + Duration.ofSeconds(12).toNanos();
            await().pollInterval(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> System.nanoTime() > idleUntil);
            client.send(bytes("00000f 01 05 00000003 " + ping));
            assertThat(client.readFrame(1)).isNotEmpty();
        }
    }

    @Test
    void tellsWhoSpeaksPlainHttpToUseTls() throws Exception {
        try (RawTls client = RawTls.plain(agent.port())) {
            client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("This port speaks HTTPS");
        }
        try (RawTls client = RawTls.plain(agent.port())) {
            client.send("\u0000rubbish that is neither\r\n\r\n");
            assertThat(client.readToEnd().length()).isLessThan(100);
        }
    }

    @Test
    void letsNobodyWriteTheLog() throws Exception {
        String line = "x outcome=changed caller=admin";
        try (RawTls client = RawTls.connect(agent.port())) {
            client.send(
                    "POST /a%0aFORGED%20"
                            + line.replace(" ", "%20")
                            + " HTTP/1.1\r\nHost: x\r\nUser-Agent: \u001b[31mFORGED\r\n\r\n");
            client.readResponse();
            client.send("POST /FORGED\u001b[2J HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            client.readToEnd();
        }
        assertThat(agent.log().lines()).noneMatch(l -> l.startsWith("FORGED"));
        assertThat(agent.log()).doesNotContain("\u001b");
    }

    @Test
    void cutsHeadersThatTrickleInAndHandshakesThatNeverEnd() throws Exception {
        List<RawTls> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(RawTls.connect(agent.port()).send("GET /info HTTP/1.1\r\nX-Slow: "));
            slow.add(RawTls.plain(agent.port()).send("\u0016\u0003\u0001"));
            slow.add(RawTls.plain(agent.port()));
        }
        long began = System.nanoTime();
        for (RawTls client : slow) {
            assertThat(client.readToEnd()).doesNotContain("200");
            client.close();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
    }

    @Test
    void staysResponsiveUnderIdleConnections() throws Exception {
        List<RawTls> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 1_500; i++) {
                idle.add(RawTls.plain(agent.port()));
            }
            for (int i = 0; i < 500; i++) {
                idle.add(RawTls.connect(agent.port()));
            }
            long began = System.nanoTime();
            assertThat(agent.get("/containers/json").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(2));
        } finally {
            for (RawTls client : idle) {
                client.close();
            }
        }
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(agent.log()).doesNotContain("OutOfMemory"));
    }

    @Test
    void cutsTheBodyOfAStrangerWhoWasRefused() throws Exception {
        try (RawTls client = RawTls.connect(agent.port())) {
            client.send("POST /build HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
            assertThat(client.readResponse()).startsWith("403 ");
            long began = System.nanoTime();
            client.readToEnd();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(4));
        }
    }

    /** The limits on heads and bodies must not hit who merely keeps a connection. */
    @Test
    void leavesAnIdleConnectionAlone() throws Exception {
        try (RawTls client = RawTls.connect(agent.port())) {
            for (String path : List.of("/ping", "/containers/json", "/v2/capabilities")) {
                client.send("GET " + path + " HTTP/1.1\r\n" + host() + "\r\n");
                assertThat(client.readResponse()).startsWith("20");
                long idleUntil = System.nanoTime() + Duration.ofSeconds(4).toNanos();
                await().pollInterval(Duration.ofMillis(200))
                        .until(() -> System.nanoTime() > idleUntil);
            }
            client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readResponse()).startsWith("204");
        }
    }

    /** The agent does not wait for the rest, and its answer may be lost in the reset. */
    private static void sendAsMuchAsItTakes(RawTls client, String request) throws IOException {
        try {
            client.send(request);
        } catch (SocketException e) {
            // It had read enough.
        }
    }

    /** 400 or a word to that effect, then the end of the connection; nothing for the engine. */
    private void refuses(String request) throws Exception {
        try (RawTls client = RawTls.connect(agent.port())) {
            client.send(request);
            assertThat(client.readToEnd())
                    .matches("(?s)HTTP/1.[01] (400|413|414|431|501|505) .*")
                    .doesNotContain("200 OK");
        }
        assertThat(reached()).doesNotContain(MARK).doesNotContain("/build");
    }

    private void assertRecorded(String from, int status, String reason) {
        String quoted = reason.contains(" ") ? '"' + reason + '"' : reason;
        await().atMost(5, TimeUnit.SECONDS)
                .untilAsserted(
                        () ->
                                assertThat(lines(from))
                                        .last()
                                        .asString()
                                        .endsWith(
                                                "outcome=denied remote=%s status=%d reason=%s"
                                                        .formatted(from, status, quoted)));
        assertThat(agent.log()).doesNotContain("MARK", "\u001b", "Exception");
    }

    private List<String> lines(String from) {
        return agent.log().lines().filter(line -> line.contains("remote=" + from + " ")).toList();
    }

    private static String nextAddress() {
        return "127.77.0." + ADDRESSES.incrementAndGet();
    }

    /** Bytes in hexadecimal, each as one character. */
    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex.replace(" ", "")), ISO_8859_1);
    }

    /** The heads of hostile requests that reached the engine during this test. */
    private String reached() {
        return marked().skip(seen).collect(Collectors.joining());
    }

    private Stream<String> marked() {
        return engine.heads().stream()
                .filter(head -> head.contains(MARK) || head.contains(" /build"));
    }

    private String host() {
        return "Host: x\r\n" + RawTls.lines(agent.key().headers());
    }

    private String smuggled() {
        return "GET /smuggled HTTP/1.1\r\n" + host() + MARK + ": x\r\n\r\n";
    }
}
