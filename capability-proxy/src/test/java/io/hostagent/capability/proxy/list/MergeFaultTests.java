// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.proxy.list.NodeFailure.Kind;
import io.hostagent.core.fixture.ScriptedConnection;
import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.relay.RawClient;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that have no list, in every way, and what clients see of it. */
@ExtendWith(NoLeaks.class)
class MergeFaultTests {

    private static final String ONE = "[{\"Id\":\"1\"}]";

    private final StubCluster cluster = new StubCluster();

    @AfterEach
    void leavesNothingBehind() throws Exception {
        cluster.close();
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() == 0);
    }

    @Test
    void leavesOutANodeThatIsNotThere() throws Exception {
        cluster.node("a", ONE);
        cluster.node("b").close();
        cluster.node("c", ONE);
        cluster.absent.add("d");

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.elements()).containsExactly("a/1", "c/1");
        assertThat(answer.missing()).isEqualTo("b, d");
        cluster.assertMissing("b", Kind.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[{\"Id\"",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\n\r\n"
            })
    void leavesOutANodeThatBreaksOff(String said) throws Exception {
        cluster.node("a").follow(connection -> sayAndClose(connection, said));
        cluster.node("b", ONE);

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.elements()).containsExactly("b/1");
        assertThat(answer.missing()).isEqualTo("a");
        cluster.assertMissing("a", Kind.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html/>", "{\"message\":\"no\"}", "[{\"Id\":1}", "[1]", ""})
    void leavesOutANodeThatSendsNoList(String said) throws Exception {
        cluster.node("a", ONE);
        cluster.node("b", said);

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.elements()).containsExactly("a/1");
        assertThat(answer.missing()).isEqualTo("b");
        cluster.assertMissing("b", Kind.MALFORMED);
    }

    @Test
    void leavesOutANodeWhoseEngineSaysNo() throws Exception {
        cluster.node("a").answer(StubCluster.response(500, "{\"message\":\"out of order\"}"));
        cluster.node("b", ONE);

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.elements()).containsExactly("b/1");
        assertThat(answer.missing()).isEqualTo("a");
        assertThat(cluster.failures)
                .containsExactly(new NodeFailure("a", Kind.REFUSED, "500 out of order"));
    }

    @Test
    void passesOnWhatAllEnginesSay() throws Exception {
        String error = "{\"message\":\"invalid filter 'x'\"}\n";
        cluster.node("a").answer(StubCluster.response(400, error));
        cluster.node("b").answer(StubCluster.response(400, error));
        cluster.node("c").answer(StubCluster.response(400, error.replace("{", "{\"x\":[{}],")));

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(error);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .doesNotContainKeys("Api-Version", MergedAnswer.MISSING);
        assertThat(cluster.failures).isEmpty();
    }

    @Test
    void passesOnWhatAllThatAnsweredSay() throws Exception {
        cluster.node("a").close();
        cluster.node("b").answer(StubCluster.response(404, "page not found\n"));

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("page not found\n");
        assertThat(answer.headers())
                .containsEntry("Content-Type", "text/plain; charset=utf-8")
                .containsEntry(MergedAnswer.MISSING, "a");
        cluster.assertMissing("a", Kind.UNREACHABLE);
    }

    @Test
    void namesEveryNodeWhenTheirErrorsDiffer() throws Exception {
        cluster.node("a").answer(StubCluster.response(400, "{\"message\":\"one\"}"));
        cluster.node("b").answer(StubCluster.response(500, "{\"message\":\"one\"}"));
        cluster.node("c").answer(StubCluster.response(400, "{\"message\":\"one\"}"));
        cluster.node("d", "rubbish");
        cluster.absent.add("e");

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.json().path("message").asString())
                .isEqualTo("No node of the cluster gave its list");
        assertThat(answer.json().path("details").asString())
                .isEqualTo("a, c: 400 one; b: 500 one; d: it sent no JSON; e: not in reach");
        assertThat(answer.missing()).isEqualTo("a, b, c, d, e");
        assertThat(cluster.failures).hasSize(4);
    }

    @Test
    void isUnavailableWhenNobodyCanBeAsked() throws Exception {
        cluster.node("a").close();
        cluster.absent.add("b");

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("message").asString())
                .isEqualTo("No node of the cluster could be asked");
        assertThat(answer.json().path("details").asString())
                .startsWith("a: the agent on a cannot be reached: ")
                .endsWith("; b: not in reach");
    }

    @Test
    void isUnavailableWithoutAnyNode() throws Exception {
        assertThat(cluster.get("/").status()).isEqualTo(503);
    }

    /** As many handshakes side by side would make each of them late. */
    @Test
    void makesFewConnectionsAtOnce() throws Exception {
        Queue<Runnable> lookUps = new ConcurrentLinkedQueue<>();
        int count = 2 * Merge.CONNECTING;
        for (int i = 0; i < count; i++) {
            String name = "node" + i;
            cluster.node(
                    name,
                    new Upstream(
                            name,
                            new UpstreamAddress.Tcp(name + ".invalid", 1, null, lookUps::add),
                            StubCluster.LIMIT,
                            1));
        }
        RawClient client = cluster.client().get("/");
        await().atMost(StubCluster.LIMIT).until(() -> lookUps.size() == Merge.CONNECTING);
        await().during(Duration.ofMillis(300))
                .atMost(StubCluster.LIMIT)
                .until(() -> lookUps.size() == Merge.CONNECTING);

        await().atMost(StubCluster.LIMIT)
                .until(
                        () -> {
                            Runnable next = lookUps.poll();
                            if (next != null) {
                                next.run();
                            }
                            return cluster.failures.size() == count;
                        });

        assertThat(MergedAnswer.read(client).status()).isEqualTo(503);
    }

    private static void sayAndClose(ScriptedConnection connection, String text) throws Exception {
        connection.readHead();
        connection.write(text);
    }
}
