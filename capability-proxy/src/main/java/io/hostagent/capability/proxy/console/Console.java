// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import io.hostagent.core.relay.RawPipeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A WebSocket of a client joined with the raw stream of a process, on the event loop that both
 * connections share and to which this object is confined. Each side is read only while the other
 * one takes it. What the client sends in text or binary frames is the process's input; what the
 * process prints goes out in text frames.
 */
final class Console {

    /** One frame is held whole until it is there; a message may have any number of them. */
    static final int LARGEST_FRAME = 4 * 1024 * 1024;

    /** How long a client that was told of the end may take to say goodbye. */
    private static final int GOODBYE_SECONDS = 5;

    /** Pings in a row that a client may leave without a sign of life. */
    private static final int PATIENCE = 2;

    private final Channel client;
    private final Mono<Boolean> engineAnswers;
    private final ConsoleOutput output;
    private final long pingNanos;

    private @Nullable Channel engine;
    private @Nullable ScheduledFuture<?> ping;

    /** There was a sign of life since the last ping: something came, or much was taken. */
    private boolean heard;

    private int silent;
    private long waiting;
    private boolean engineEnded;
    private boolean closing;

    private Console(
            Channel client,
            ConsoleOutput output,
            Mono<Boolean> engineAnswers,
            Duration pingInterval) {
        this.client = client;
        this.output = output;
        this.engineAnswers = engineAnswers;
        this.pingNanos = pingInterval.toNanos();
    }

    /**
     * Accepts a WebSocket and joins it with a stream.
     *
     * @param head the bytes that accept it
     * @param stream puts a handler at the end of the engine's connection, which it returns; bytes
     *     may come before it does
     * @param engineAnswers asked when the stream has ended, which looks the same whether the
     *     process ended or the engine
     */
    static void open(
            Channel client,
            ByteBuf head,
            Function<ChannelHandler, Channel> stream,
            ConsoleOutput output,
            Mono<Boolean> engineAnswers,
            Duration pingInterval) {
        Console console = new Console(client, output, engineAnswers, pingInterval);
        RawPipeline.replace(
                client,
                console.new SignsOfLife(),
                new WebSocket13FrameEncoder(false),
                new WebSocket13FrameDecoder(
                        WebSocketDecoderConfig.newBuilder()
                                .expectMaskedFrames(true)
                                .allowExtensions(false)
                                .maxFramePayloadLength(LARGEST_FRAME)
                                .withUTF8Validator(false)
                                .closeOnProtocolViolation(false)
                                .build()),
                console.new FromClient());
        client.writeAndFlush(head);
        console.engine = stream.apply(console.new FromEngine());
        client.config().setAutoRead(true);
        if (client.isActive()) {
            console.schedulePing();
        } else {
            console.closeEngine();
        }
    }

    private void schedulePing() {
        ping = client.eventLoop().schedule(this::onPingTime, pingNanos, TimeUnit.NANOSECONDS);
    }

    private void onPingTime() {
        // A client whose input has to wait for the process is not heard, and not to blame for it.
        boolean alive = heard || takes() || !client.config().isAutoRead();
        silent = alive ? 0 : silent + 1;
        heard = false;
        if (silent > PATIENCE) {
            client.close();
            return;
        }
        client.writeAndFlush(new PingWebSocketFrame());
        schedulePing();
    }

    /** Whether the client has taken something of what waits for it since the last time. */
    private boolean takes() {
        ChannelOutboundBuffer buffer = client.unsafe().outboundBuffer();
        long before = waiting;
        waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        return waiting < before;
    }

    /** Ends a console whose process or engine has ended; what was printed is written first. */
    private void close(WebSocketCloseStatus status, String reason) {
        if (closing || !client.isActive()) {
            return;
        }
        closing = true;
        // What the client still sends is read and dropped: unread, it would reset the connection,
        // and the reset would overtake the last words.
        client.config().setAutoRead(true);
        client.writeAndFlush(new CloseWebSocketFrame(status, reason))
                .addListener(
                        written ->
                                client.eventLoop()
                                        .schedule(
                                                () -> client.close(),
                                                GOODBYE_SECONDS,
                                                TimeUnit.SECONDS));
    }

    private void onEngineEnd() {
        if (engineEnded) {
            return;
        }
        engineEnded = true;
        print(output.end());
        client.flush();
        closeEngine();
        if (!closing && client.isActive()) {
            engineAnswers.subscribe(
                    answers -> {
                        if (answers) {
                            close(WebSocketCloseStatus.NORMAL_CLOSURE, "");
                        } else {
                            close(
                                    WebSocketCloseStatus.INTERNAL_SERVER_ERROR,
                                    "The Docker engine went away");
                        }
                    });
        }
    }

    /** What was typed is still written, unless the process does not take it. */
    private void closeEngine() {
        Channel leaving = engine;
        if (leaving == null || !leaving.isActive()) {
            return;
        }
        ChannelFuture written = leaving.writeAndFlush(Unpooled.EMPTY_BUFFER);
        written.addListener(ChannelFutureListener.CLOSE);
        if (!written.isDone()) {
            leaving.eventLoop().schedule(() -> leaving.close(), GOODBYE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void print(CharSequence text) {
        if (!text.isEmpty() && !closing) {
            client.write(new TextWebSocketFrame(ByteBufUtil.writeUtf8(client.alloc(), text)));
        }
    }

    /** A large frame on a slow line is a sign of life long before it is whole. */
    private final class SignsOfLife extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            heard = true;
            ctx.fireChannelRead(message);
        }
    }

    /** Frames of the client. */
    private final class FromClient extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            switch (message) {
                case PingWebSocketFrame asked -> onPing(ctx, asked);
                case PongWebSocketFrame answer -> answer.release();
                case CloseWebSocketFrame goodbye -> onGoodbye(ctx, goodbye);
                case WebSocketFrame input -> type(ctx, input);
                default -> ReferenceCountUtil.release(message);
            }
        }

        /** A client that takes nothing gets no answers either: they would pile up. */
        private void onPing(ChannelHandlerContext ctx, PingWebSocketFrame asked) {
            if (client.isWritable()) {
                ctx.writeAndFlush(new PongWebSocketFrame(asked.content()));
            } else {
                asked.release();
            }
        }

        private void type(ChannelHandlerContext ctx, WebSocketFrame input) {
            if (engine == null || engineEnded || closing) {
                input.release();
                return;
            }
            engine.write(input.content());
            if (!engine.isWritable()) {
                ctx.channel().config().setAutoRead(false);
                engine.flush();
            }
        }

        private void onGoodbye(ChannelHandlerContext ctx, CloseWebSocketFrame goodbye) {
            boolean answer = !closing;
            closing = true;
            closeEngine();
            if (answer) {
                ctx.writeAndFlush(goodbye).addListener(ChannelFutureListener.CLOSE);
            } else {
                goodbye.release();
                ctx.close();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (engine != null) {
                engine.flush();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (engine != null && ctx.channel().isWritable()) {
                heard = true;
                engine.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent
                    || event instanceof SslCloseCompletionEvent) {
                // Gone without a goodbye.
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (ping != null) {
                ping.cancel(false);
            }
            closeEngine();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException broken) {
                close(broken.closeStatus(), String.valueOf(broken.getMessage()));
                closeEngine();
            } else {
                ctx.close();
            }
        }
    }

    /** Bytes of the engine. */
    private final class FromEngine extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes && !engineEnded) {
                for (ByteBuffer part : bytes.nioBuffers()) {
                    print(output.next(part));
                }
            }
            ReferenceCountUtil.release(message);
            if (!client.isWritable()) {
                ctx.channel().config().setAutoRead(false);
                client.flush();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            client.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                client.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                onEngineEnd();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            onEngineEnd();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
