// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.TrustAll;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientHelloLimitTests {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    ClientHelloLimitTests() {
        channel.freezeTime();
        channel.pipeline().addLast("limit", new ClientHelloLimit(Duration.ofSeconds(10)));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void cutsAConnectionThatSaysNothing() {
        pass(Duration.ofMillis(9_900));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofMillis(200));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void cutsAConnectionThatTricklesIn() {
        for (int i = 0; i < 10; i++) {
            channel.writeInbound(bytes(1));
            pass(Duration.ofMillis(1_050));
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void cutsAConnectionWhoseGreetingDoesNotEnd() {
        channel.writeInbound(bytes(ClientHelloLimit.MOST_BYTES));
        assertThat(channel.isOpen()).isTrue();
        ByteBuf more = bytes(1);
        channel.writeInbound(more);

        assertThat(channel.isOpen()).isFalse();
        assertThat(more.refCnt()).isZero();
    }

    @Test
    void keepsNothingOfAConnectionThatIsGone() {
        channel.close();

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @Test
    void isGoneAsSoonAsTheTlsIsChosen() {
        channel.pipeline().addLast(new Chooser());
        ByteBuf hello = bytes(500);
        channel.writeInbound(hello);

        assertThat(channel.pipeline().get("limit")).isNull();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    /** As while an agent waits for its keys: the greeting is read, and TLS comes a little later. */
    @Test
    void leavesAHandshakeAloneThatBeganLate() {
        channel.writeInbound(bytes(500));
        channel.pipeline().addLast(tls());
        pass(Duration.ofSeconds(20));

        assertThat(channel.isOpen()).isTrue();
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.wrappedBuffer(new byte[count]);
    }

    private static SslHandler tls() {
        SSLEngine engine = TrustAll.context().createSSLEngine();
        engine.setUseClientMode(false);
        SslHandler tls = new SslHandler(engine);
        tls.setHandshakeTimeoutMillis(0);
        return tls;
    }

    /** Puts TLS in its own place, as Netty's reader of names does. */
    private static final class Chooser extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
            ctx.pipeline().replace(this, "tls", tls());
        }
    }
}
