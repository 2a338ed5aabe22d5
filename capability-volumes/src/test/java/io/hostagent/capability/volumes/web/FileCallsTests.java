// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.web.TestApi.Answer;
import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.relay.RawClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of volumes over real connections. */
@ExtendWith(NoLeaks.class)
class FileCallsTests {

    private static final String FILES = "/v2/volumes/a/snapshots/s/files";

    /** Bytes that an archive without end has given. */
    private final AtomicLong given = new AtomicLong();

    private final AtomicInteger open = new AtomicInteger();

    @TempDir Path files;

    private TestApi api;
    private TarSource tar = folder -> new ByteArrayInputStream("archive".getBytes(UTF_8));

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(files, folder -> tar.open(folder));
        api.post("/v2/volumes", "{\"name\":\"a\"}");
        Files.createDirectory(files.resolve("sub"));
        Files.writeString(files.resolve("sub").resolve("hello.txt"), "Hello");
        Files.createSymbolicLink(files.resolve("out"), Path.of("/etc"));
        Files.createSymbolicLink(files.resolve("up"), Path.of(".."));
    }

    @AfterEach
    void stop() {
        await().until(() -> api.volumes.leases() == 0 && open.get() == 0);
        api.close();
    }

    /** An archive that never ends, and counts what was read of it. */
    private final class Endless extends InputStream {

        Endless() {
            open.incrementAndGet();
        }

        @Override
        public int read() {
            given.incrementAndGet();
            return 0;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            given.addAndGet(length);
            return length;
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    @Test
    void listsFoldersAndSendsFilesOfASnapshot() throws Exception {
        Answer root = api.get(FILES);
        Answer sub = api.get(FILES + "?path=/sub");
        Answer file = api.get(FILES + "?path=/sub/hello.txt&raw=1");

        assertThat(root.response().body())
                .contains("\"Name\":\"sub\"", "\"Type\":\"directory\"", "\"LinkTarget\":\"/etc\"");
        assertThat(sub.response().body())
                .contains("\"Name\":\"hello.txt\"", "\"Size\":5", "\"Mode\":", "\"ModTime\":");
        assertThat(file.response().body()).isEqualTo("Hello");
        assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(
                        api.send(
                                        "GET",
                                        FILES + "?path=/sub/hello.txt&raw=1",
                                        null,
                                        Map.of("If-None-Match", file.header("ETag")))
                                .status())
                .isEqualTo(304);
        assertThat(api.get(FILES + "?path=/none").status()).isEqualTo(404);
        assertThat(api.get("/v2/volumes/none/snapshots/s/files").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?path=/out",
                "?path=/out/passwd&raw=1",
                "?path=/up",
                "?path=/up/x&raw=1",
                "?path=/../etc",
                "?path=/sub/../../etc/passwd&raw=1",
                "?path=%2e%2e/etc"
            })
    void letsNobodyOut(String query) throws Exception {
        assertThat(api.get(FILES + query).status()).isIn(400, 403);
    }

    @Test
    void exportsAVolume() throws Exception {
        Answer whole = api.get("/v2/volumes/a/export");

        assertThat(whole.response().body()).isEqualTo("archive");
        assertThat(whole.header("Content-Type")).isEqualTo("application/x-tar");
        assertThat(whole.header("Content-Disposition")).contains("a.tar");
        assertThat(api.get("/v2/volumes/a/export?snapshot=../x").status()).isEqualTo(400);
    }

    @Test
    void readsNoFasterThanTheClientAndStopsWhenItLeaves() throws Exception {
        tar = folder -> new Endless();
        long before = heldByNetty();
        try (RawClient client = new RawClient(api.port(), 4_096)) {
            client.get("/v2/volumes/a/export");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            await().until(() -> isQuiet(given));
            assertThat(given.get()).isLessThan(16L << 20);
            assertThat(heldByNetty() - before).isLessThan(8L << 20);
            assertThat(api.volumes.leases()).isEqualTo(1);
            long paused = given.get();
            assertThat(client.read(24 << 20)).hasSize(24 << 20);
            assertThat(given.get()).isGreaterThan(paused);
            client.reset();
        }
        await().until(() -> open.get() == 0 && api.volumes.leases() == 0);
    }

    private static boolean isQuiet(AtomicLong count) {
        long then = count.get();
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        return then == count.get();
    }

    @Test
    void cutsAnArchiveThatFails() throws Exception {
        tar =
                folder ->
                        new SequenceInputStream(
                                new ByteArrayInputStream(new byte[300_000]),
                                new InputStream() {
                                    @Override
                                    public int read() throws IOException {
                                        throw new IOException("tar failed");
                                    }

                                    @Override
                                    public int read(byte[] bytes, int offset, int length)
                                            throws IOException {
                                        return read();
                                    }
                                });
        try (RawClient client = new RawClient(api.port())) {
            client.get("/v2/volumes/a/export");
            // Without the chunk that says it was the last one.
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void saysWhyThereIsNoArchive() throws Exception {
        tar =
                folder -> {
                    throw new IOException("tar is missing");
                };

        Answer answer = api.get("/v2/volumes/a/export");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text("details")).isEqualTo("tar is missing");
    }

    @Test
    void makesAFewArchivesAtOnce() throws Exception {
        tar = folder -> new Endless();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < FileCalls.MOST_EXPORTS; i++) {
                RawClient client = new RawClient(api.port(), 4_096);
                clients.add(client);
                client.get("/v2/volumes/a/export");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            }
            assertThat(api.get("/v2/volumes/a/export").status()).isEqualTo(503);
        } finally {
            for (RawClient client : clients) {
                client.reset();
            }
        }
        await().until(() -> open.get() == 0);
        tar = folder -> InputStream.nullInputStream();
        assertThat(api.get("/v2/volumes/a/export").status()).isEqualTo(200);
    }

    private static long heldByNetty() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
