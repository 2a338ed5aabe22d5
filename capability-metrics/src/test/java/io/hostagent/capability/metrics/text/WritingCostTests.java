// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hostagent.capability.metrics.fixture.Fleet;
import io.hostagent.capability.metrics.node.EngineName;
import io.hostagent.capability.metrics.node.NodeMetrics;
import io.hostagent.capability.metrics.node.NodeSettings;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it costs to write down 500 containers with 80 samples each. */
class WritingCostTests {

    /** As many bytes are sent before it is measured, and half of them while it is. */
    private static final long WARM_UP = 50_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Level level = ResourceLeakDetector.getLevel();

    /** What watches over buffers in the tests makes a stack trace of each step. */
    @BeforeEach
    void watchNobody() {
        ResourceLeakDetector.setLevel(Level.DISABLED);
    }

    @AfterEach
    void watchAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    /** Runs something until the compilers are done with it, and then measures it. */
    private Cost cost(Writing writing) throws IOException {
        long sent = writing.write();
        long rounds = WARM_UP / 2 / sent;
        for (int i = 0; i < 2 * rounds; i++) {
            writing.write();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long cpu = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < rounds; i++) {
            writing.write();
        }
        return new Cost(
                sent,
                (threads.getCurrentThreadAllocatedBytes() - allocated) / rounds,
                (threads.getCurrentThreadCpuTime() - cpu) / (1e6 * rounds));
    }

    /** Gives how many bytes were sent. */
    private interface Writing {
        long write() throws IOException;
    }

    /**
     * What it took, once.
     *
     * @param sent bytes
     * @param allocated bytes on the heap
     * @param cpu milliseconds
     */
    private record Cost(long sent, long allocated, double cpu) {}

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void makesLittleGarbage(boolean gzip) throws IOException {
        List<SampleSet> sets = new Fleet(500, 80).samples(2);

        Cost cost = cost(() -> write(sets, gzip));

        System.out.printf(
                "40000 samples, %s: %d bytes sent, %d bytes allocated, %.1f ms of CPU%n",
                gzip ? "gzip" : "plain", cost.sent(), cost.allocated(), cost.cpu());
        assertThat(cost.allocated()).isLessThan(512 * 1024);
    }

    /** What zlib takes for the same text, for comparison. */
    @Test
    void isComparedToZlib() throws IOException {
        compareToZlib("500 containers", new Fleet(500, 80).samples(2), 1.1);
    }

    /** No container's IDs, for which the code was made. */
    @Test
    void isComparedToZlibForAHostAlone(@TempDir Path folder) throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("many-devices.tree");
        NodeMetrics node =
                new NodeMetrics(NodeSettings.DEFAULTS, host.hostRoot(), "1.2.3", EngineName.NOBODY);
        compareToZlib(
                "a host",
                node.scrape(
                        ScrapeRequest.ALL, System.nanoTime() + Duration.ofSeconds(20).toNanos()),
                1.3);
    }

    /** Prints it, and sees that no more is sent than some times what zlib leaves. */
    private void compareToZlib(String what, List<SampleSet> sets, double most) throws IOException {
        byte[] text = text(sets);
        byte[] compressed = new byte[text.length];
        Cost zlib =
                cost(
                        () -> {
                            try (Deflater deflater = new Deflater(Deflater.BEST_SPEED, true)) {
                                deflater.setInput(text);
                                deflater.finish();
                                return deflater.deflate(compressed);
                            }
                        });
        Cost own = cost(() -> write(sets, true));
        System.out.printf(
                "%s: %d bytes of text; zlib: %d bytes, %.2f ms of CPU; written and compressed here:"
                        + " %d bytes, ratio of CPU %.2f%n",
                what, text.length, zlib.sent(), zlib.cpu(), own.sent(), own.cpu() / zlib.cpu());

        assertThat((double) own.sent()).isLessThan(zlib.sent() * most);
    }

    private static byte[] text(List<SampleSet> sets) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (BodySource body = Exposition.of(sets, TextFormat.PROMETHEUS, false)) {
            ByteBuf piece = body.next();
            while (piece != null) {
                piece.readBytes(text, piece.readableBytes());
                piece.release();
                piece = body.next();
            }
        }
        return text.toByteArray();
    }

    private static long write(List<SampleSet> sets, boolean gzip) throws IOException {
        long sent = 0;
        try (BodySource body = Exposition.of(sets, TextFormat.PROMETHEUS, gzip)) {
            ByteBuf piece = body.next();
            while (piece != null) {
                sent += piece.readableBytes();
                piece.release();
                piece = body.next();
            }
        }
        return sent;
    }
}
