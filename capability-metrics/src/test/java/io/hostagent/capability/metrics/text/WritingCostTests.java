// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hostagent.capability.metrics.fixture.Fleet;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it costs to write down 500 containers with 80 samples each. */
class WritingCostTests {

    private static final int WARM_UP = 20;
    private static final int ROUNDS = 10;

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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void makesLittleGarbage(boolean gzip) throws IOException {
        List<SampleSet> sets = new Fleet(500, 80).samples(2);
        long sent = 0;
        for (int i = 0; i < WARM_UP; i++) {
            sent = write(sets, gzip);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long cpu = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ROUNDS; i++) {
            write(sets, gzip);
        }
        long garbage = (threads.getCurrentThreadAllocatedBytes() - allocated) / ROUNDS;
        double milliseconds = (threads.getCurrentThreadCpuTime() - cpu) / 1e6 / ROUNDS;
        System.out.printf(
                "40000 samples, %s: %d bytes sent, %d bytes allocated, %.1f ms of CPU%n",
                gzip ? "gzip" : "plain", sent, garbage, milliseconds);

        assertThat(garbage).isLessThan(512 * 1024);
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
