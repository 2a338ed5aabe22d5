// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.proxy.list.NodeFailure.Kind;
import io.hostagent.core.fixture.ScriptedConnection;
import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.relay.RawClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Nodes that are silent, or fail when others have answered or a part of them was sent. */
@ExtendWith(NoLeaks.class)
class MergeLateFaultTests {

    private static final String ONE = "[{\"Id\":\"1\"}]";

    private StubCluster cluster = new StubCluster();

    /** Released when a node may do what its test is about. */
    private final CountDownLatch now = new CountDownLatch(1);

    /** Released when it is seen that it did. */
    private final CountDownLatch lost = new CountDownLatch(1);

    @AfterEach
    void leavesNothingBehind() throws Exception {
        now.countDown();
        lost.countDown();
        cluster.close();
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() == 0);
    }

    @Test
    void leavesOutANodeThatIsLostWhileOthersAreWaitedFor() throws Exception {
        cluster.node("a").follow(this::saysItsListLater);
        cluster.node("b")
                .follow(
                        connection -> {
                            connection.readHead();
                            String list = StubCluster.containers("b", 500);
                            connection.write(StubCluster.ok(list).substring(0, 300_000));
                        });
        RawClient client = cluster.client().get("/");
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() == NodeAnswer.AHEAD);

        now.countDown();

        MergedAnswer answer = MergedAnswer.read(client);
        assertThat(answer.elements()).containsExactly("a/1");
        assertThat(answer.missing()).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "error", "nothing", "silence"})
    void givesUpANodeThatIsSilentAndDead(String alive) throws Exception {
        Mono<Boolean> answer =
                switch (alive) {
                    case "no" -> Mono.just(false);
                    case "error" -> Mono.error(new IllegalStateException("no route"));
                    case "nothing" -> Mono.empty();
                    default -> Mono.never();
                };
        cluster.node("a", answer).follow(this::saysItsListLater);
        cluster.node("b", ONE);

        MergedAnswer found = cluster.get("/");

        assertThat(found.elements()).containsExactly("b/1");
        assertThat(found.missing()).isEqualTo("a");
        assertThat(cluster.failures)
                .containsExactly(new NodeFailure("a", Kind.UNREACHABLE, "does not answer"));
    }

    @Test
    void waitsForANodeThatIsSilentAndAlive() throws Exception {
        ScriptedServer busy = cluster.node("a", Mono.just(true));
        busy.follow(this::saysItsListLater);
        cluster.node("b", ONE);
        RawClient client = cluster.client().get("/");
        await().during(Duration.ofSeconds(1))
                .atMost(StubCluster.LIMIT)
                .until(() -> cluster.failures.isEmpty());

        now.countDown();

        assertThat(MergedAnswer.read(client).elements()).containsExactly("a/1", "b/1");
    }

    @Test
    void givesUpANodeThatIsSilentForEver() throws Exception {
        cluster.node("a").follow(this::saysItsListLater);
        cluster.node("b", ONE);

        assertThat(cluster.get("/").missing()).isEqualTo("a");
        assertThat(cluster.failures)
                .containsExactly(new NodeFailure("a", Kind.UNREACHABLE, "said nothing for 2 s"));
    }

    /** Half a list must not look whole. */
    @Test
    void cutsTheAnswerWhenANodeBreaksInTheMiddle() throws Exception {
        cluster.node("a").follow(connection -> sayHalf(connection, "a"));
        cluster.node("b", ONE);
        RawClient client = cluster.client().get("/");
        assertThat(client.readUntil("\"Id\":\"a-0\"")).contains("200 OK");

        now.countDown();

        assertThat(client.readToEnd()).doesNotContain("\r\n0\r\n");
        await().atMost(StubCluster.LIMIT).until(() -> cluster.failures.size() == 1);
    }

    @Test
    void cutsTheAnswerWhenANodeFreezesInTheMiddle() throws Exception {
        cluster.node("a", Mono.just(false)).follow(connection -> sayHalf(connection, "a"));
        RawClient client = cluster.client().get("/");

        assertThat(client.readToEnd()).contains("\"Id\":\"a-0\"").doesNotContain("\r\n0\r\n");
        assertThat(cluster.failures)
                .containsExactly(new NodeFailure("a", Kind.UNREACHABLE, "does not answer"));
    }

    @Test
    void namesAtTheEndWhoIsLostBeforeItsTurn() throws Exception {
        nodesOfWhichTheSecondIsLost();
        RawClient client = cluster.client().get("/");
        client.readUntil("\r\ntrailer: " + MergedAnswer.MISSING + "\r\n");
        loseTheSecond();

        String rest = client.readUntil("\r\n0\r\n");

        assertThat(rest).contains("a-999").contains("\"Id\":\"1\"").doesNotContain("\"b-");
        assertThat(client.readHead()).isEqualTo(MergedAnswer.MISSING + ": b\r\n\r\n");
    }

    @Test
    void namesAtTheEndOverHttp2() throws Exception {
        cluster.close();
        cluster = new StubCluster(HttpProtocol.H2C, 8 << 20);
        nodesOfWhichTheSecondIsLost();
        CountDownLatch headSeen = new CountDownLatch(1);
        CompletableFuture<String> body = new CompletableFuture<>();
        CompletableFuture<String> trailer = new CompletableFuture<>();
        HttpClient.newConnection()
                .protocol(HttpProtocol.H2C)
                .doOnResponse((head, connection) -> headSeen.countDown())
                .get()
                .uri("http://127.0.0.1:" + cluster.port())
                .responseSingle(
                        (head, content) -> content.asString().zipWith(head.trailerHeaders()))
                .subscribe(
                        found -> {
                            body.complete(found.getT1());
                            trailer.complete(found.getT2().get(MergedAnswer.MISSING));
                        });
        assertThat(headSeen.await(20, TimeUnit.SECONDS)).isTrue();
        loseTheSecond();

        assertThat(body.get(20, TimeUnit.SECONDS)).contains("a-999").contains("\"Id\":\"1\"");
        assertThat(trailer.get(20, TimeUnit.SECONDS)).isEqualTo("b");
    }

    @Test
    void cutsTheAnswerOfAClientThatCannotBeToldAtTheEnd() throws Exception {
        nodesOfWhichTheSecondIsLost();
        RawClient client = cluster.client().send("GET / HTTP/1.0\r\n\r\n");
        assertThat(client.readUntil("a-0")).contains("200 OK");
        loseTheSecond();

        assertThat(client.readToEnd()).contains("a-100").doesNotContain("a-999");
    }

    /** Of the first two there is more than is held, so that the head is sent, and then a pause. */
    private void nodesOfWhichTheSecondIsLost() {
        String list = StubCluster.ok(StubCluster.containers("a", 1_000));
        cluster.node("a")
                .follow(
                        connection -> {
                            connection.readHead();
                            connection.write(list.substring(0, 200_000));
                            lost.await(StubCluster.LIMIT.toSeconds(), TimeUnit.SECONDS);
                            connection.write(list.substring(200_000));
                        });
        cluster.node("b").follow(connection -> sayHalf(connection, "b"));
        cluster.node("c", ONE);
    }

    private void loseTheSecond() {
        now.countDown();
        await().atMost(StubCluster.LIMIT).until(() -> cluster.failures.size() == 1);
        cluster.assertMissing("b", Kind.UNREACHABLE);
        lost.countDown();
    }

    private void saysItsListLater(ScriptedConnection connection) throws Exception {
        connection.readHead();
        if (now.await(StubCluster.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            connection.write(StubCluster.ok(ONE));
            connection.readToEnd();
        }
    }

    /** More than is held before a node's turn, and the end of the connection when it is time. */
    private void sayHalf(ScriptedConnection connection, String name) throws Exception {
        connection.readHead();
        String answer = StubCluster.ok(StubCluster.containers(name, 1_000));
        connection.write(answer.substring(0, 200_000));
        now.await(StubCluster.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
