// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.fixture.ScriptedConnection;
import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.relay.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients on two event loops that share merged lists. */
@ExtendWith(NoLeaks.class)
class MergeSharingTests {

    private static final int CLIENTS = 32;

    private final StubCluster cluster = new StubCluster();

    /** One permit for each answer of the node {@code a}. */
    private final Semaphore mayAnswer = new Semaphore(0);

    private final List<RawClient> clients = new ArrayList<>();

    @BeforeEach
    void share() {
        cluster.sharing = true;
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        mayAnswer.release(1_000);
        cluster.close();
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() == 0);
        await().atMost(StubCluster.LIMIT).until(() -> cluster.shared.heldBytes() == 0);
    }

    @Test
    void thoseWhoWaitGetOneListThatStartsAfterTheyCame() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        ScriptedServer a =
                gated(
                        connection -> {
                            int number = answers.incrementAndGet();
                            connection.write(StubCluster.ok("[{\"Id\":\"" + number + "\"}]"));
                        });
        ScriptedServer b = cluster.node("b", StubCluster.containers("b", 1_000));
        askAll(CLIENTS);
        assertThat(a.heads()).hasSize(1);

        mayAnswer.release(2);

        assertThat(MergedAnswer.read(clients.getFirst()).elements())
                .hasSize(1_001)
                .startsWith("a/1");
        for (RawClient client : clients.subList(1, CLIENTS)) {
            MergedAnswer answer = MergedAnswer.read(client);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
            assertThat(answer.elements()).hasSize(1_001).startsWith("a/2").endsWith("b/b-999");
        }
        assertThat(a.heads()).hasSize(2);
        assertThat(b.heads()).hasSize(2);
    }

    @Test
    void aSharedListNamesInItsHeadWhoIsLostLate() throws Exception {
        String list = StubCluster.ok(StubCluster.containers("a", 1_000));
        gated(
                connection -> {
                    connection.write(list.substring(0, 200_000));
                    mayAnswer.acquire();
                    connection.write(list.substring(200_000));
                });
        CountDownLatch breaks = new CountDownLatch(1);
        AtomicInteger answers = new AtomicInteger();
        cluster.node("b")
                .follow(
                        connection -> {
                            while (answers.incrementAndGet() == 1) {
                                connection.readHead();
                                connection.write(list);
                            }
                            connection.write(list.substring(0, 200_000));
                            breaks.await();
                        });
        cluster.absent.add("c");
        askAll(3);
        mayAnswer.release(3);
        assertThat(MergedAnswer.read(clients.getFirst()).elements()).hasSize(2_000);
        await().atMost(StubCluster.LIMIT).until(() -> cluster.shared.heldBytes() > 0);

        breaks.countDown();
        await().atMost(StubCluster.LIMIT).until(() -> cluster.failures.size() == 1);
        mayAnswer.release(1);

        for (RawClient client : clients.subList(1, 3)) {
            MergedAnswer answer = MergedAnswer.read(client);
            assertThat(answer.elements()).hasSize(1_000);
            assertThat(answer.missing()).isEqualTo("c, b");
        }
    }

    @Test
    void whatIsTooLargeIsMergedForEach() throws Exception {
        ScriptedServer a = gated(connection -> connection.write(StubCluster.ok("[]")));
        cluster.node("b", StubCluster.containers("b", 5_000));
        askAll(3);

        mayAnswer.release(1_000);

        for (RawClient client : clients) {
            assertThat(MergedAnswer.read(client).elements()).hasSize(5_000);
        }
        assertThat(a.heads()).as("the first, one in vain, two").hasSize(4);
    }

    @Test
    void aListThatBreaksInTheMiddleIsAnErrorForAll() throws Exception {
        gated(
                connection -> {
                    String list = StubCluster.ok(StubCluster.containers("a", 1_000));
                    connection.write(list.substring(0, 500_000));
                    connection.close();
                });
        askAll(3);

        mayAnswer.release(2);

        assertThat(MergedAnswer.read(clients.getFirst()).whole()).isFalse();
        for (RawClient client : clients.subList(1, 3)) {
            MergedAnswer answer = MergedAnswer.read(client);
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.json().path("message").asString())
                    .isEqualTo("The agent on a failed to answer");
            assertThat(answer.json().path("details").asString())
                    .isEqualTo("the agent on a closed the connection in the middle");
        }
    }

    @Test
    void anErrorOfAllNodesIsShared() throws Exception {
        gated(connection -> connection.write(StubCluster.response(400, "{\"message\":\"x\"}")));
        askAll(3);

        mayAnswer.release(2);

        for (RawClient client : clients) {
            MergedAnswer answer = MergedAnswer.read(client);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("{\"message\":\"x\"}");
        }
    }

    @Test
    void aMergeThatNobodyWaitsForIsGivenUp() throws Exception {
        ScriptedServer a = gated(connection -> connection.write(StubCluster.ok("[]")));
        askAll(3);
        mayAnswer.release(1);
        await().atMost(StubCluster.LIMIT).until(() -> a.heads().size() == 2);

        for (RawClient client : clients) {
            client.reset();
        }

        ScriptedConnection second = a.connections().getLast();
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() == 0);
        mayAnswer.release(1);
        assertThat(second.awaitEnd(10)).isTrue();
    }

    /** The node {@code a}, which does this for every request that it may answer. */
    private ScriptedServer gated(ScriptedServer.Script reply) {
        ScriptedServer node = cluster.node("a");
        node.follow(
                connection -> {
                    while (!connection.readHead().isEmpty()) {
                        if (!mayAnswer.tryAcquire(20, TimeUnit.SECONDS)) {
                            return;
                        }
                        reply.serve(connection);
                    }
                });
        return node;
    }

    /** One client whose list is being made, and others that wait. */
    private void askAll(int count) throws Exception {
        clients.add(cluster.client().get("/"));
        await().atMost(StubCluster.LIMIT).until(() -> cluster.budget.held() > 0);
        for (int i = 1; i < count; i++) {
            clients.add(cluster.client().get("/"));
        }
        await().atMost(StubCluster.LIMIT).until(() -> cluster.shared.waiting() == count - 1);
    }
}
