// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a test class after which Netty misses a buffer. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {

    private final Logger logger =
            (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(ResourceLeakDetector.getLevel())
                .as("-Dio.netty.leakDetection.level")
                .isEqualTo(Level.PARANOID);
        lines.start();
        logger.addAppender(lines);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            for (int i = 0; i < 10 && lines.list.isEmpty(); i++) {
                System.gc();
                // The detector looks at what was collected when the next buffer is made.
                for (int j = 0; j < 100; j++) {
                    ByteBufAllocator.DEFAULT.directBuffer(64).release();
                }
            }
            assertThat(List.copyOf(lines.list)).isEmpty();
        } finally {
            logger.detachAppender(lines);
        }
    }
}
