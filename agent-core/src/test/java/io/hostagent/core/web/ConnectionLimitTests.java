// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConnectionLimitTests {

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong now = new AtomicLong();
    private final ConnectionLimit limit = new ConnectionLimit(2, now::get);

    @BeforeEach
    void listen() {
        lines.start();
        ((Logger) LoggerFactory.getLogger(ConnectionLimit.class)).addAppender(lines);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(ConnectionLimit.class)).detachAppender(lines);
    }

    @Test
    void closesWhatIsTooManyUntilAnotherEnds() {
        EmbeddedChannel first = new EmbeddedChannel();
        assertThat(limit.admits(first)).isTrue();
        assertThat(limit.admits(new EmbeddedChannel())).isTrue();

        EmbeddedChannel third = new EmbeddedChannel();
        assertThat(limit.admits(third)).isFalse();
        assertThat(third.isOpen()).isFalse();
        assertThat(first.isOpen()).isTrue();

        first.close();
        assertThat(limit.admits(new EmbeddedChannel())).isTrue();
        assertThat(limit.admits(new EmbeddedChannel())).isFalse();
    }

    @Test
    void saysSoOnceAMinute() {
        for (int i = 0; i < 10; i++) {
            limit.admits(new EmbeddedChannel());
        }
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        limit.admits(new EmbeddedChannel());

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "2 connections are open, as many as AGENT_MAX_CONNECTIONS allows: closed 1"
                                + " new",
                        "2 connections are open, as many as AGENT_MAX_CONNECTIONS allows: closed 8"
                                + " new");
    }
}
