// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.netty.NettyPipeline;

class UnreadBodyLimitTests {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void aRequestBegins() {
        channel.pipeline()
                .addLast(NettyPipeline.ReactiveBridge, new ChannelInboundHandlerAdapter());
        UnreadBodyLimit.install(channel);
        channel.writeInbound(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/images/load"));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void answer(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    }

    private void wait(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void whoSendsOnAfterTheAnswerIsCutOff() {
        answer(HttpResponseStatus.FORBIDDEN);
        wait(1);
        channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[1])));
        assertThat(channel.isOpen()).isTrue();
        wait(2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoIsToldToContinueMaySendForAsLongAsItTakes() {
        answer(HttpResponseStatus.CONTINUE);
        wait(3_600);
        assertThat(channel.isOpen()).isTrue();
        answer(HttpResponseStatus.NO_CONTENT);
        wait(3);
        assertThat(channel.isOpen()).as("after the final answer").isFalse();
    }

    @Test
    void whoHasSentAllIsNotCutOff() {
        answer(HttpResponseStatus.OK);
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        wait(3);
        assertThat(channel.isOpen()).isTrue();
    }
}
