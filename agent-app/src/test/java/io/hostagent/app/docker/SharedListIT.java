// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.UnixServer;
import io.hostagent.app.fixture.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many clients ask for the same list at once: they share answers, and nobody gets an old one. */
class SharedListIT extends OnBothEngines {

    private static final int CLIENTS = 32;
    private static final int CREATIONS = 50;
    private static final int CONTAINERS = 20;
    private static final int QUIET_ROUNDS = 20;
    private static final String LIST = "/containers/json?all=1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway.Init") // set before each
    private UnixServer tee;

    @SuppressWarnings("NullAway.Init") // set before each
    private RunningAgent agent;

    @BeforeEach
    void start() throws IOException {
        Path socket = folder.resolve("tee.sock");
        tee = UnixServer.recording(socket, host().socket(), sent);
        agent = RunningAgent.start(Map.of("DOCKER_HOST", "unix://" + socket));
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        tee.close();
    }

    @Test
    void whoHasJustCreatedAContainerSeesIt() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        long answers = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                counts.add(threads.submit(() -> listUntil(enough)));
            }
            try {
                for (int i = 0; i < CREATIONS; i++) {
                    String id = create("shared-" + i);
                    assertThat(ids(list())).as("creation %d", i).contains(id);
                }
            } finally {
                enough.set(true);
            }
            for (Future<Long> count : counts) {
                answers += count.get();
            }
        }
        assertThat(listCalls()).as("calls for %d answers", answers).isLessThan(answers / 2);
    }

    @Test
    void everyAnswerIsTheEngines() throws Exception {
        for (int i = 0; i < CONTAINERS; i++) {
            create("quiet-" + i);
        }
        String ofTheEngine = onTheSocket();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                all.add(
                        threads.submit(
                                () -> {
                                    for (int j = 0; j < QUIET_ROUNDS; j++) {
                                        assertThat(list()).isEqualTo(ofTheEngine);
                                    }
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(listCalls()).isLessThan(CLIENTS * QUIET_ROUNDS / 2);
    }

    private long listUntil(AtomicBoolean enough) {
        long count = 0;
        while (!enough.get()) {
            ids(list());
            count++;
        }
        return count;
    }

    private String list() {
        HttpResponse<String> answer = agent.get(LIST);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> ids(String list) {
        List<String> ids = new ArrayList<>();
        for (JsonNode container : JsonMapper.shared().readTree(list)) {
            ids.add(container.get("Id").stringValue());
        }
        return ids;
    }

    private String create(String name) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(agent.uri("/containers/create?name=" + name))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"Image\":\"" + WORKLOAD + "\"}"));
        agent.key().headers().forEach(request::header);
        HttpResponse<String> created = agent.send(request.build());
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return JsonMapper.shared().readTree(created.body()).get("Id").stringValue();
    }

    private String onTheSocket() throws IOException {
        try (Wire wire = Wire.unix(host().socket())) {
            // To an older client the engine sends no chunks, and ends the body with the connection.
            wire.send("GET " + LIST + " HTTP/1.0\r\nHost: docker\r\n\r\n");
            assertThat(wire.head()).contains(" 200 ");
            return new String(wire.rest().getBytes(ISO_8859_1), UTF_8);
        }
    }

    private long listCalls() {
        return sent.toString(ISO_8859_1).lines().filter(l -> l.startsWith("GET " + LIST)).count();
    }
}
