// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

/** Slow and many streams cost the agent little memory and no time limit. */
class AgentMemoryIT extends OnBothEngines {

    private static final long MEBIBYTE = 1 << 20;

    @Test
    void aReaderThatStopsReadingStopsTheEngine() throws Exception {
        run("run", "-d", "--name", "src", WORKLOAD, "sleep", "600");
        run("exec", "src", "dd", "if=/dev/urandom", "of=/noise", "bs=1000000", "count=300");
        try {
            read(40_000_000);
            long before = agent().residentBytes();
            try (Wire wire = open("GET /containers/src/archive?path=/noise")) {
                wire.head();
                wire.in().readNBytes(1_000_000);
                pause(Duration.ofSeconds(5));
                assertThat(agent().residentBytes() - before)
                        .as("growth of the agent's memory by a reader that stopped")
                        .isLessThan(8 * MEBIBYTE);
                wire.in().skipNBytes(250_000_000);
            }
        } finally {
            run("rm", "-f", "src");
        }
    }

    private void read(long bytes) throws IOException {
        try (Wire wire = open("GET /containers/src/archive?path=/noise")) {
            wire.head();
            wire.in().skipNBytes(bytes);
        }
    }

    @Test
    void twoHundredFollowedLogsCostLittle() throws Exception {
        run("run", "-d", "--name", "many", WORKLOAD, "sh", "-c", "echo hello; sleep 600");
        List<Wire> wires = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                try (Wire warm = follow()) {
                    assertThat(warm.head()).contains("200");
                }
            }
            long before = agent().residentBytes();
            for (int i = 0; i < 200; i++) {
                Wire wire = follow();
                wires.add(wire);
                wire.head();
                wire.readUntil("hello\n");
            }
            assertThat(agent().residentBytes() - before)
                    .as("growth of the agent's memory by 200 followed logs")
                    .isLessThan(20 * MEBIBYTE);
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
            run("rm", "-f", "many");
        }
    }

    /**
     * The original cuts a request after 120 s. The whole of it, 300 MB in 130 s, is run with {@code
     * -Dhostagent.slowLoadSeconds=130}; without, 20 MB take 10 s.
     */
    @Test
    void aSlowUploadIsNotCut() throws Exception {
        int seconds = Integer.getInteger("hostagent.slowLoadSeconds", 10);
        int megabytes = seconds > 100 ? 300 : 20;
        byte[] archive = archive(megabytes * 1_000_000);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(agent().uri("/images/create?fromSrc=-&repo=slow"))
                        .timeout(Duration.ofSeconds(seconds + 30L))
                        .POST(BodyPublishers.ofInputStream(() -> new Throttled(archive, seconds)));
        agent().key().headers().forEach(request::header);
        long before = agent().residentBytes();
        long start = System.nanoTime();
        assertThat(agent().send(request.build()).body()).contains("sha256:");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofSeconds(seconds - 1L));
        assertThat(agent().residentBytes() - before).isLessThan(16 * MEBIBYTE);
    }

    /** A tar with one file, which the engine has to read to its end. */
    private static byte[] archive(int size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size + 10_240);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry file = new TarArchiveEntry("file");
            file.setSize(size);
            tar.putArchiveEntry(file);
            tar.write(new byte[size]);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private RunningAgent agent() {
        return ways().agent();
    }

    private Wire follow() throws IOException {
        return open("GET /containers/many/logs?stdout=1&follow=1");
    }

    private Wire open(String request) throws IOException {
        Wire wire = Wire.tls(agent());
        wire.request(request, agent().key().headers());
        return wire;
    }

    private void run(String... command) {
        ways().direct(engine()).run(command).orThrow();
    }

    /** The passing of time is what these tests are about; there is no condition to wait for. */
    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** Bytes at an even pace. */
    private static final class Throttled extends InputStream {

        private static final int PIECE = 100_000;

        private final byte[] bytes;
        private final long start = System.nanoTime();
        private final double nanosPerByte;
        private int position;

        Throttled(byte[] bytes, int seconds) {
            this.bytes = bytes;
            this.nanosPerByte = TimeUnit.SECONDS.toNanos(seconds) / (double) bytes.length;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = Math.min(Math.min(length, PIECE), bytes.length - position);
            if (count <= 0) {
                return -1;
            }
            long due = start + (long) (position * nanosPerByte);
            pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            System.arraycopy(bytes, position, buffer, offset, count);
            position += count;
            return count;
        }
    }
}
