// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.resources.LoopResources;

/** An engine on a real socket that has answers by the beginnings of request lines. */
final class ScriptedDocker {

    private static final String NOT_FOUND = "404 {\"message\":\"page not found\"}";

    private final ScriptedServer server = ScriptedServer.open();
    private final LoopResources loops = LoopResources.create("engine-test", 1, true);
    final Map<String, String> answers = new ConcurrentHashMap<>();
    final List<VolumeEvent> events = new CopyOnWriteArrayList<>();
    final AtomicInteger startsAtOnce = new AtomicInteger();

    /** Containers start when it is open. */
    volatile CountDownLatch startGate = new CountDownLatch(0);

    final EngineApi api =
            new EngineApi(
                    new Upstream(
                            "the engine",
                            new UpstreamAddress.Unix(server.socket()),
                            Duration.ofSeconds(1),
                            64),
                    () -> loops.onClient(true).next());

    ScriptedDocker() {
        server.follow(
                connection -> {
                    String head = connection.readHead();
                    while (!head.isEmpty()) {
                        connection.write(answer(line(head)));
                        head = connection.readHead();
                    }
                });
    }

    /** The request lines so far, without the version. */
    List<String> asked() {
        return server.heads().stream().map(ScriptedDocker::line).toList();
    }

    long asked(String line) {
        return asked().stream().filter(line::equals).count();
    }

    private String answer(String line) throws InterruptedException {
        if (line.endsWith("/start")) {
            startsAtOnce.incrementAndGet();
            startGate.await();
            startsAtOnce.decrementAndGet();
        }
        String answer =
                answers.entrySet().stream()
                        .filter(entry -> line.startsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(NOT_FOUND);
        String body = answer.substring(4);
        return "HTTP/1.1 "
                + answer.substring(0, 3)
                + " x\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(UTF_8).length
                + "\r\n\r\n"
                + body;
    }

    private static String line(String head) {
        String line = head.substring(0, head.indexOf(" HTTP/1.1"));
        return URLDecoder.decode(line, UTF_8);
    }

    void close() {
        startGate.countDown();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
        server.close();
    }
}
