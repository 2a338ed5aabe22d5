// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The joint between a WebSocket and a stream, without a network. */
class ConsoleTests {

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final EmbeddedChannel client = new EmbeddedChannel();
    private final EmbeddedChannel engine = new EmbeddedChannel();
    private final EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
    private final EmbeddedChannel decoder =
            new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 24));

    @AfterEach
    void release() {
        for (EmbeddedChannel channel : new EmbeddedChannel[] {client, engine, encoder, decoder}) {
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void pingsAnIdleClientForAsLongAsItAnswers() {
        open(Mono.just(true));
        for (int i = 0; i < 10; i++) {
            pass(INTERVAL);
            assertThat(shown()).isInstanceOf(PingWebSocketFrame.class);
            type(new PongWebSocketFrame());
        }
        assertThat(client.isActive()).isTrue();
        assertThat(engine.isActive()).isTrue();
    }

    @Test
    void leavesAClientThatAnswersNoPing() {
        open(Mono.just(true));
        pass(INTERVAL.multipliedBy(5));
        assertThat(client.isActive()).isFalse();
        assertThat(engine.isActive()).isFalse();
    }

    @Test
    void waitsForALargeFrameOnASlowLine() {
        open(Mono.just(true));
        client.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, (byte) 0xfe, 1, 0}));
        for (int i = 0; i < 10; i++) {
            pass(INTERVAL);
            client.writeInbound(Unpooled.wrappedBuffer(new byte[] {0}));
        }
        assertThat(client.isActive()).isTrue();
    }

    @Test
    void leavesNoTimerBehind() {
        open(Mono.just(true));
        client.close();
        assertThat(client.hasPendingTasks()).isFalse();
        assertThat(engine.isActive()).isFalse();
    }

    @Test
    void answersAPing() {
        open(Mono.just(true));
        type(new PingWebSocketFrame(bytes("here?")));
        WebSocketFrame pong = shown();
        assertThat(pong).isInstanceOf(PongWebSocketFrame.class);
        assertThat(pong.content().toString(UTF_8)).isEqualTo("here?");
        pong.release();
    }

    @Test
    void typesWhateverTheFramesAre() {
        open(Mono.just(true));
        type(new TextWebSocketFrame(false, 0, "a"));
        type(new ContinuationWebSocketFrame(false, 0, "b"));
        type(new PingWebSocketFrame());
        type(new ContinuationWebSocketFrame(true, 0, "c"));
        type(new BinaryWebSocketFrame(bytes("d".repeat(1024 * 1024))));
        assertThat(typed()).isEqualTo("abc" + "d".repeat(1024 * 1024));
    }

    @Test
    void refusesAFrameThatIsTooLarge() {
        open(Mono.just(true));
        type(new BinaryWebSocketFrame(Unpooled.buffer().writeZero(Console.LARGEST_FRAME + 1)));
        assertThat(closeStatus()).isEqualTo(1009);
        pass(Duration.ofSeconds(6));
        assertThat(client.isActive()).isFalse();
        assertThat(engine.isActive()).isFalse();
    }

    @Test
    void refusesAFrameWithoutAMask() {
        open(Mono.just(true));
        client.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, 1, 'x'}));
        assertThat(closeStatus()).isEqualTo(1002);
        assertThat(engine.isActive()).isFalse();
    }

    @Test
    void saysGoodbyeWhenTheProcessHasEndedAndAllIsShown() {
        open(Mono.just(true));
        engine.writeInbound(bytes("last words"), Unpooled.wrappedBuffer(new byte[] {(byte) 0xe2}));
        engine.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(text()).isEqualTo("last words");
        assertThat(text()).isEqualTo("\ufffd");
        assertThat(closeStatus()).isEqualTo(1000);
        assertThat(engine.isActive()).isFalse();
        assertThat(client.isActive()).isTrue();
        type(new CloseWebSocketFrame(1000, ""));
        assertThat(client.isActive()).isFalse();
    }

    @Test
    void doesNotWaitForEverForTheClientsGoodbye() {
        open(Mono.just(true));
        engine.close();
        assertThat(closeStatus()).isEqualTo(1000);
        pass(Duration.ofSeconds(6));
        assertThat(client.isActive()).isFalse();
    }

    @Test
    void saysThatTheEngineWentAway() {
        open(Mono.just(false));
        engine.close();
        assertThat(closeStatus()).isEqualTo(1011);
    }

    @Test
    void endsTheStreamWithTheClientsGoodbye() {
        open(Mono.just(true));
        type(new TextWebSocketFrame("x"));
        type(new CloseWebSocketFrame(1001, "leaving"));
        assertThat(typed()).isEqualTo("x");
        assertThat(closeStatus()).isEqualTo(1001);
        assertThat(client.isActive()).isFalse();
        assertThat(engine.isActive()).isFalse();
    }

    @Test
    void readsNoFasterThanTheOtherSideTakes() {
        open(Mono.just(true));
        engine.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        engine.pipeline().fireChannelWritabilityChanged();
        client.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        engine.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);

        type(new TextWebSocketFrame("x"));
        assertThat(client.config().isAutoRead()).isFalse();
        engine.writeInbound(bytes("y"));
        assertThat(engine.config().isAutoRead()).isFalse();

        engine.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        engine.runPendingTasks();
        client.runPendingTasks();
        assertThat(client.config().isAutoRead()).isTrue();
        assertThat(engine.config().isAutoRead()).isTrue();
    }

    @Test
    void doesNotBlameAClientForAProcessThatDoesNotRead() {
        open(Mono.just(true));
        engine.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        type(new TextWebSocketFrame("x"));
        for (int i = 0; i < 10; i++) {
            pass(INTERVAL);
        }
        assertThat(client.isActive()).isTrue();
    }

    private void open(Mono<Boolean> engineAnswers) {
        client.freezeTime();
        Console.open(
                client,
                bytes("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
                handler -> {
                    engine.pipeline().addLast(handler);
                    return engine;
                },
                new ConsoleOutput(true),
                engineAnswers,
                INTERVAL);
        ByteBuf head = client.readOutbound();
        assertThat(head.toString(UTF_8)).startsWith("HTTP/1.1 101");
        head.release();
    }

    private void pass(Duration time) {
        long seconds = time.toSeconds();
        for (long i = 0; i < seconds; i++) {
            client.advanceTimeBy(1, TimeUnit.SECONDS);
            client.runScheduledPendingTasks();
        }
    }

    private void type(WebSocketFrame frame) {
        encoder.writeOutbound(frame);
        for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
            client.writeInbound(part);
        }
    }

    private String typed() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = engine.readOutbound(); part != null; part = engine.readOutbound()) {
            text.append(part.toString(UTF_8));
            part.release();
        }
        return text.toString();
    }

    private WebSocketFrame shown() {
        for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
            decoder.writeInbound(part);
        }
        WebSocketFrame frame = decoder.readInbound();
        assertThat(frame).isNotNull();
        return frame;
    }

    private String text() {
        TextWebSocketFrame frame = (TextWebSocketFrame) shown();
        try {
            return frame.text();
        } finally {
            frame.release();
        }
    }

    private int closeStatus() {
        CloseWebSocketFrame frame = (CloseWebSocketFrame) shown();
        try {
            return frame.statusCode();
        } finally {
            frame.release();
        }
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }
}
