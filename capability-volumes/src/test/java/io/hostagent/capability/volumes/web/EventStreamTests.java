// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.event.EventRing;
import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.relay.RawClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Events over real connections. */
@ExtendWith(NoLeaks.class)
class EventStreamTests {

    @TempDir static Path files;

    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi(files, folder -> InputStream.nullInputStream());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void publish(String action, String reason) {
        api.events.publish(new VolumeEvent(Instant.EPOCH, action, "a", Map.of("reason", reason)));
    }

    private RawClient follow(String header, int buffer) throws Exception {
        RawClient client = new RawClient(api.port(), buffer);
        client.send("GET /v2/volume-events HTTP/1.1\r\nHost: x\r\n" + header + "\r\n");
        assertThat(client.readHead())
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: text/event-stream");
        return client;
    }

    @Test
    void tellsWhatHappensAndGoesOnAfterwards() throws Exception {
        String id;
        try (RawClient client = follow("", 0)) {
            await().until(() -> api.events.followers() == 1);
            publish("create", "x");
            String told = client.readUntil("\"x\"}}\n\n");
            assertThat(told).contains("\ndata: {\"id\":", "\"action\":\"create\"");
            id = told.replaceAll("(?s).*\nid: (\\d+)\n.*", "$1");
        }
        await().until(() -> api.events.followers() == 0);
        publish("mount", "y");
        try (RawClient client = follow("Last-Event-ID: " + id + "\r\n", 0)) {
            assertThat(client.readUntil("\"y\"}}\n\n"))
                    .contains("\"mount\"")
                    .doesNotContain("\"create\"", "missed");
        }
    }

    @Test
    void tellsAClientThatDoesNotReadWhatItMissedAndHoldsNothingForIt() throws Exception {
        try (RawClient slow = follow("", 4_096)) {
            await().until(() -> api.events.followers() == 1);
            long before = heldByNetty();
            String reason = "r".repeat(10_000);
            for (int i = 0; i < 3 * EventRing.KEPT; i++) {
                publish("create", reason);
            }
            // Thirty megabytes were published by now.
            publish("last", "z");
            await().pollDelay(java.time.Duration.ofMillis(500)).until(() -> true);
            assertThat(heldByNetty() - before).isLessThan(8L << 20);
            assertThat(slow.readUntil("\"z\"}}\n\n"))
                    .contains("\nevent: missed\ndata: {\"upTo\":")
                    .contains("\"last\"");
        }
        await().until(() -> api.events.followers() == 0);
    }

    @Test
    void listsWhatIsKeptForWhoeverDoesNotFollow() throws Exception {
        publish("create", "x");
        publish("mount", "y");
        Object all = api.get("/v2/volume-events?follow=0").json();
        Long first = JsonTree.number(JsonTree.list(all).getFirst(), "id");

        assertThat(JsonTree.list(all)).hasSize(2);
        assertThat(JsonTree.list(api.get("/v2/volume-events?follow=0&after=" + first).json()))
                .hasSize(1);
    }

    private static long heldByNetty() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
