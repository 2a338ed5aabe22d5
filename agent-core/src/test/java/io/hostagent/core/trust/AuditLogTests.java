// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hostagent.core.trust.AuditLog.Call;
import io.hostagent.core.trust.Verdict.Refused;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditLogTests {

    private static final Refused REFUSED =
            new Refused(403, "Invalid request signature", "Unauthorized");
    private static final Caller CALLER = new Caller("token:ci", Scope.ADMIN);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AuditLog audit = new AuditLog();

    @BeforeEach
    void listen() {
        lines.start();
        logger().addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(lines);
    }

    @Test
    void recordsAChange() throws Exception {
        audit.changed(
                call("POST", "/v1.41/build?t=app&buildargs=%7Bsecret%7D&t=b"), CALLER, null, 200);
        assertThat(lines())
                .containsExactly(
                        "outcome=changed caller=token:ci remote=192.0.2.7 method=POST"
                                + " target=/v1.41/build?t&buildargs status=200");
    }

    @Test
    void recordsARefusal() throws Exception {
        audit.refused(call("GET", "/info"), REFUSED);
        audit.denied(new Call(null, "POST", "/x"), CALLER, null, 403, "read only");
        assertThat(lines())
                .containsExactly(
                        "outcome=refused remote=192.0.2.7 method=GET target=/info status=403"
                                + " reason=\"Invalid request signature: Unauthorized\"",
                        "outcome=denied caller=token:ci remote=- method=POST target=/x status=403"
                                + " reason=\"read only\"");
    }

    @Test
    void aCallerCannotForgeALineOrAPair() throws Exception {
        audit.changed(
                call(
                        "GET\r\n",
                        "/a b\" outcome=changed\noutcome=changed\u001b[2J\u202e\u2028\u0085\\?k\n=v&=s"),
                CALLER,
                null,
                200);
        assertThat(lines())
                .singleElement()
                .satisfies(
                        line -> {
                            assertThat(line).matches("[ -~]+");
                            assertThat(line).doesNotContain("=v", "=s ");
                            assertThat(line)
                                    .contains(
                                            "target=\"/a b\\\" outcome=changed\\u000aoutcome=changed"
                                                    + "\\u001b[2J\\u202e\\u2028\\u0085\\\\?k\\u000a\"");
                        });
    }

    @Test
    void aLongTargetIsCut() throws Exception {
        audit.changed(call("GET", "/" + "a".repeat(100_000)), CALLER, null, 200);
        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line).hasSizeLessThan(800));
    }

    @Test
    void theHostOfAnAbsoluteTargetIsLeftOut() {
        assertThat(AuditTarget.of("http://user:password@host:9001/info?x=1")).isEqualTo("/info?x");
    }

    @Test
    void refusalsOfOneStrangerAreFewAndThenCounted() {
        List<String> reports = new ArrayList<>();
        ManualTicker ticker = new ManualTicker();
        FloodGuard guard = new FloodGuard((host, count) -> reports.add(host + " " + count), ticker);
        assertThat(passing(Stream.generate(() -> "192.0.2.7").limit(1_000), guard)).isEqualTo(5);
        assertThat(guard.passes("192.0.2.8")).isTrue();
        ticker.advance(Duration.ofMinutes(2));
        guard.cleanUp();
        assertThat(reports).containsExactly("192.0.2.7 995");
        assertThat(guard.passes("192.0.2.7")).isTrue();
    }

    @Test
    void refusalsOfManyStrangersAreBoundedTogether() {
        List<String> reports = new ArrayList<>();
        ManualTicker ticker = new ManualTicker();
        FloodGuard guard = new FloodGuard((host, count) -> reports.add(host + " " + count), ticker);
        Stream<String> strangers =
                Stream.iterate(0, i -> i + 1).limit(60_000).map(i -> "a" + i / 6);
        assertThat(passing(strangers, guard)).isEqualTo(FloodGuard.LINES_OF_ALL);
        ticker.advance(Duration.ofMinutes(2));
        guard.cleanUp();
        assertThat(reports).hasSizeLessThanOrEqualTo(2 * FloodGuard.LINES_OF_ALL);
        assertThat(reports).anyMatch(report -> report.startsWith("all "));
    }

    private static long passing(Stream<String> hosts, FloodGuard guard) {
        return hosts.filter(guard::passes).count();
    }

    private static Call call(String method, String uri) throws Exception {
        return new Call(
                new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 4711), method, uri);
    }

    private List<String> lines() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("audit");
    }
}
