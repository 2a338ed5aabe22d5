// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request of the agent's own to an upstream server, for a thread that may block (a virtual
 * one). The answer's body is read as fast as that thread takes it: past {@value #PENDING_LIMIT}
 * bytes the server is not read.
 */
public final class UpstreamCall implements AutoCloseable {

    private static final int PENDING_LIMIT = 1 << 16;

    /** What the event loop hands to the thread that reads. */
    private sealed interface Signal {

        record Head(int status, HttpHeaders headers) implements Signal {}

        record Data(ByteBuf bytes) implements Signal {}

        record End() implements Signal {}

        record Failure(RuntimeException cause) implements Signal {}
    }

    private final EventLoop loop;
    private final Exchange exchange;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final Signal.Head head;
    private final Body body = new Body();

    private UpstreamCall(Upstream upstream, EventLoop loop, FullHttpRequest request)
            throws IOException {
        this.loop = loop;
        this.exchange = new Exchange(request);
        loop.execute(() -> upstream.connect(loop, exchange));
        this.head = awaitHead();
    }

    /**
     * Sends a request and waits for the head of its answer.
     *
     * @param body of the request; empty for none
     * @throws IOException when the server cannot be reached or gives no answer; an {@link
     *     InterruptedIOException} when the thread is interrupted, and then the request is aborted
     */
    public static UpstreamCall send(
            Upstream upstream,
            EventLoop loop,
            HttpMethod method,
            String target,
            HttpHeaders headers,
            byte[] body)
            throws IOException {
        return new UpstreamCall(upstream, loop, WholeRequest.of(method, target, headers, body));
    }

    /** The status of the answer. */
    public int status() {
        return head.status();
    }

    /** The headers of the answer. */
    public HttpHeaders headers() {
        return head.headers();
    }

    /**
     * The body of the answer, for one thread that reads. Its {@code read} blocks, and is ended by a
     * {@code close} of the body or of this call, which any thread may do.
     */
    public InputStream body() {
        return body;
    }

    /** Ends the call; an answer that is not read to its end takes its connection along. */
    @Override
    public void close() {
        loop.execute(exchange::abort);
    }

    private Signal.Head awaitHead() throws IOException {
        return switch (next()) {
            case Signal.Head found -> found;
            case Signal.Failure(RuntimeException cause) -> throw new IOException(cause);
            case Signal.Data data -> throw new IOException("A body without a head");
            case Signal.End end -> throw new IOException("The request was given up");
        };
    }

    private Signal next() throws InterruptedIOException {
        try {
            return signals.take();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Hands on what the connection reports; confined to its event loop. */
    private final class Exchange implements UpstreamExchange {

        private final FullHttpRequest request;
        private @Nullable UpstreamConnection connection;
        private boolean ended;

        Exchange(FullHttpRequest request) {
            this.request = request;
        }

        @Override
        public void onConnectFailed(UpstreamUnreachableException cause) {
            end(new Signal.Failure(cause));
        }

        @Override
        public void onConnected(UpstreamConnection connected) {
            if (ended) {
                connected.end(true);
                return;
            }
            connection = connected;
            connected.channel().writeAndFlush(request);
        }

        @Override
        public void onHead(HttpResponse response) {
            signals.add(new Signal.Head(response.status().code(), response.headers()));
        }

        @Override
        public void onBody(ByteBuf data) {
            if (ended) {
                data.release();
                return;
            }
            int waiting = pending.addAndGet(data.readableBytes());
            signals.add(new Signal.Data(data));
            if (waiting > PENDING_LIMIT && connection != null) {
                connection.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void onEnd(HttpHeaders trailers) {
            if (connection != null) {
                connection.end(true);
            }
            end(new Signal.End());
        }

        @Override
        public void onFailure(UpstreamFailedException cause) {
            end(new Signal.Failure(cause));
        }

        void resume() {
            if (!ended && connection != null) {
                connection.channel().config().setAutoRead(true);
            }
        }

        void abort() {
            if (!ended) {
                end(new Signal.End());
                if (connection != null) {
                    connection.close();
                }
            }
            // What nobody will read any more; the end stays for a reader that still waits.
            signals.forEach(
                    signal -> {
                        if (signal instanceof Signal.Data(ByteBuf bytes)
                                && signals.remove(signal)) {
                            bytes.release();
                        }
                    });
        }

        private void end(Signal last) {
            ended = true;
            signals.add(last);
        }
    }

    private final class Body extends InputStream {

        private ByteBuf current = Unpooled.EMPTY_BUFFER;
        private boolean closed;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = take(target, offset, length);
            while (count == 0 && advance()) {
                count = take(target, offset, length);
            }
            if (count == 0) {
                return -1;
            }
            if (pending.addAndGet(-count) + count > PENDING_LIMIT) {
                loop.execute(exchange::resume);
            }
            return count;
        }

        private synchronized int take(byte[] target, int offset, int length) {
            int count = Math.min(length, current.readableBytes());
            current.readBytes(target, offset, count);
            if (!current.isReadable()) {
                replace(Unpooled.EMPTY_BUFFER);
            }
            return count;
        }

        /** Waits, and so holds no lock: the close has to get through. */
        private boolean advance() throws IOException {
            if (ended) {
                return false;
            }
            switch (next()) {
                case Signal.Data(ByteBuf bytes) -> replace(bytes);
                case Signal.End end -> ended = true;
                case Signal.Failure(RuntimeException cause) -> {
                    ended = true;
                    throw new IOException(cause);
                }
                case Signal.Head second -> throw new IOException("A second head");
            }
            return !ended;
        }

        private synchronized void replace(ByteBuf next) {
            current.release();
            current = next;
            if (closed) {
                current.release();
                current = Unpooled.EMPTY_BUFFER;
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
                replace(Unpooled.EMPTY_BUFFER);
            }
            UpstreamCall.this.close();
        }
    }
}
