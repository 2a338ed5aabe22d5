// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.fixture.ScriptedConnection;
import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.relay.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.HttpProtocol;

/** Lists of nodes that are well: what comes of them, in which order, and what it takes. */
@ExtendWith(NoLeaks.class)
class MergeTests {

    private StubCluster cluster = new StubCluster();

    @AfterEach
    void leavesNothingBehind() throws Exception {
        cluster.close();
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() == 0);
        assertThat(cluster.failures).isEmpty();
    }

    @Test
    void listsOneNodeAfterTheOther() throws Exception {
        cluster.node("b", "[{\"Id\":\"2\"},{\"Id\":\"1\"}]");
        cluster.node("c", "[]");
        cluster.node("a", "[{\"Id\":\"3\",\"Portainer\":{\"Agent\":{\"NodeName\":\"x\"}}}]\n");
        cluster.node("d", "null");

        MergedAnswer answer = cluster.get("/containers/json?all=1");

        assertThat(answer.body())
                .isEqualTo(
                        "[{\"Id\":\"3\",\"Portainer\":{\"Agent\":{\"NodeName\":\"a\"}}},"
                                + "{\"Id\":\"2\",\"Portainer\":{\"Agent\":{\"NodeName\":\"b\"}}},"
                                + "{\"Id\":\"1\",\"Portainer\":{\"Agent\":{\"NodeName\":\"b\"}}}]\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .doesNotContainKeys("Api-Version", "Server", MergedAnswer.MISSING);
    }

    @Test
    void asksEachNodeWithItsOwnHeaders() throws Exception {
        ScriptedServer node = cluster.node("a", "[]");

        assertThat(cluster.get("/networks?filters=%7B%7D").body()).isEqualTo("[]\n");

        assertThat(node.heads())
                .containsExactly("GET /networks?filters=%7B%7D HTTP/1.1\r\nhost: a\r\n\r\n");
    }

    @Test
    void namesNodesThatNobodyCouldAsk() throws Exception {
        cluster.node("b", "[{\"Id\":\"1\"}]");
        cluster.absent.addAll(List.of("d", "a, x\r\ny", "c"));

        MergedAnswer answer = cluster.get("/");

        assertThat(answer.elements()).containsExactly("b/1");
        assertThat(answer.missing()).isEqualTo("a__x__y, c, d");
    }

    @Test
    void namesTheFirstOfVeryManyOnly() throws Exception {
        cluster.node("b", "[]");
        IntStream.range(1_000, 2_000).forEach(i -> cluster.absent.add("node" + i));

        assertThat(cluster.get("/").missing())
                .startsWith("node1000, node1001, ")
                .endsWith(", node1299 and 700 more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"Volumes":null,"Warnings":null}             | {"Volumes":[],"Warnings":null}
                    {"Warnings":["w1","w\\"2"],"Volumes":[]}     | {"Volumes":[],"Warnings":["w1","w\\"2"]}
                    """)
    void wrapsVolumes(String said, String expected) throws Exception {
        cluster.shape = ListShape.VOLUMES;
        cluster.node("a", said);

        assertThat(cluster.get("/volumes").body()).isEqualTo(expected + "\n");
    }

    @Test
    void keepsTheWarningsOfAllNodes() throws Exception {
        cluster.shape = ListShape.VOLUMES;
        cluster.node("c", "{\"Warnings\":[\"3\"],\"Volumes\":[{\"Id\":\"vc\"}]}");
        cluster.node("b", "{\"Volumes\":[{\"Id\":\"vb\"}],\"Warnings\":null}");
        cluster.node("a", "{\"Volumes\":null,\"Warnings\":[\"1\",\"2\"]}");

        MergedAnswer answer = cluster.get("/volumes");

        assertThat(answer.elements()).containsExactly("b/vb", "c/vc");
        assertThat(answer.json().path("Warnings").toString()).isEqualTo("[\"1\",\"2\",\"3\"]");
    }

    @Test
    void leavesConnectionsForTheNextRequest() throws Exception {
        ScriptedServer node = cluster.node("a", "[{\"Id\":\"1\"}]");
        RawClient client = cluster.client();
        for (int i = 0; i < 5; i++) {
            assertThat(MergedAnswer.read(client.get("/")).elements()).containsExactly("a/1");
        }
        assertThat(node.connections()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 20, 64 << 20})
    void isCompleteWhateverMemoryThereIs(long heldBytes) throws Exception {
        cluster.close();
        cluster = new StubCluster(HttpProtocol.HTTP11, heldBytes);
        List<String> expected = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
            cluster.node(name, StubCluster.containers(name, 300));
            IntStream.range(0, 300).forEach(i -> expected.add(name + "/" + name + "-" + i));
        }

        assertThat(cluster.get("/").elements()).isEqualTo(expected);
    }

    @Test
    void readsToTheEndForHttp10() throws Exception {
        cluster.node("a", "[{\"Id\":\"1\"}]");

        MergedAnswer answer = MergedAnswer.read(cluster.client().send("GET / HTTP/1.0\r\n\r\n"));

        assertThat(answer.elements()).containsExactly("a/1");
    }

    /** 60 MB, of which a client that pauses leaves all but a little with the nodes. */
    @Test
    void holdsLittleOfALongListForASlowClient() throws Exception {
        List<ScriptedServer> nodes = new ArrayList<>();
        int each = 12_500;
        for (String name : List.of("a", "b", "c", "d")) {
            nodes.add(cluster.node(name, StubCluster.containers(name, each)));
        }
        RawClient client = cluster.client(64 * 1024).get("/");
        await().atMost(StubCluster.LIMIT)
                .until(() -> cluster.budget.held() == 4L * NodeAnswer.AHEAD);
        await().during(Duration.ofMillis(500))
                .atMost(StubCluster.LIMIT)
                .until(() -> nodes.stream().mapToLong(MergeTests::written).sum() < 6 << 20);

        List<String> elements = MergedAnswer.read(client).elements();

        assertThat(elements).hasSize(4 * each).doesNotHaveDuplicates();
        assertThat(elements.getFirst()).isEqualTo("a/a-0");
        assertThat(elements.getLast()).isEqualTo("d/d-12499");
    }

    private static long written(ScriptedServer node) {
        return node.connections().stream().mapToLong(ScriptedConnection::written).sum();
    }

    @Test
    void asksNoMoreNodesAtOnceThanAWindow() throws Exception {
        int count = 200;
        AtomicInteger asked = new AtomicInteger();
        Semaphore mayAnswer = new Semaphore(0);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "n%03d".formatted(i);
            expected.add(name + "/1");
            cluster.node(name)
                    .follow(
                            connection -> {
                                connection.readHead();
                                asked.incrementAndGet();
                                if (mayAnswer.tryAcquire(20, TimeUnit.SECONDS)) {
                                    connection.write(StubCluster.ok("[{\"Id\":\"1\"}]"));
                                }
                            });
        }
        RawClient client = cluster.client().get("/");
        await().atMost(StubCluster.LIMIT).until(() -> asked.get() == Merge.WINDOW);
        await().during(Duration.ofMillis(300))
                .atMost(StubCluster.LIMIT)
                .until(() -> asked.get() == Merge.WINDOW);

        mayAnswer.release(count);

        assertThat(MergedAnswer.read(client).elements()).isEqualTo(expected);
    }

    @Test
    void leavesAllNodesWhenItsClientLeaves() throws Exception {
        List<ScriptedServer> nodes = new ArrayList<>();
        nodes.add(cluster.node("a", StubCluster.containers("a", 20_000)));
        nodes.add(cluster.node("b", StubCluster.containers("b", 20_000)));
        ScriptedServer silent = cluster.node("c");
        silent.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n[");
                    connection.write(StubCluster.containers("c", 150).substring(1, 140_000));
                    connection.readToEnd();
                });
        nodes.add(silent);
        RawClient client = cluster.client(64 * 1024).get("/");
        client.readUntil("\"Id\":\"a-0\"");

        client.reset();

        for (ScriptedServer node : nodes) {
            ScriptedConnection connection = node.connections().getFirst();
            assertThat(connection.awaitEnd(10)).isTrue();
        }
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() == 0);
    }
}
