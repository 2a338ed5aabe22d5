// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One GET of the agent's own, whose answer is taken piece by piece, at the pace of whoever takes
 * it. Confined to its event loop, on which the receiver is told everything.
 *
 * <p>A server may close an idle connection in the moment in which it is used again. A request that
 * met this, and of whose answer not a byte came, is sent once more, over a new connection (RFC 9112
 * §9.3.1).
 */
public final class UpstreamStream {

    /** Who takes the answer. After {@code onEnd} or {@code onFailure} nothing more comes. */
    public interface Receiver {

        /** There is a connection, and the request is on its way; now and then for a second time. */
        default void onConnected() {}

        /** The final head, of whatever status. */
        void onHead(int status, HttpHeaders headers);

        /**
         * A piece of the body, never empty, which is the receiver's to release. After {@link
         * #pause} there may be some more, of what one read has brought.
         */
        void onPiece(ByteBuf piece);

        /** The answer is whole. */
        void onEnd();

        /**
         * There is no answer, or no more of it.
         *
         * @param cause an {@link UpstreamUnreachableException} or an {@link
         *     UpstreamFailedException}
         */
        void onFailure(RuntimeException cause);
    }

    private final Upstream upstream;
    private final EventLoop loop;
    private final String target;
    private final HttpHeaders headers;
    private final Receiver receiver;

    private @Nullable UpstreamConnection connection;
    private boolean paused;
    private boolean done;

    /**
     * Describes a request; nothing is sent yet.
     *
     * @param target path and query as they go on the wire
     * @param headers all of them, {@code Host} included; they may be another thread's as well
     */
    public UpstreamStream(
            Upstream upstream,
            EventLoop loop,
            String target,
            HttpHeaders headers,
            Receiver receiver) {
        this.upstream = upstream;
        this.loop = loop;
        this.target = target;
        this.headers = headers;
        this.receiver = receiver;
    }

    /** Sends the request, once; the receiver may be told of a failure before this returns. */
    public void start() {
        upstream.connect(loop, new Attempt(true));
    }

    /** Stops reading: what the server sends from now on waits in the kernels, and then there. */
    public void pause() {
        paused = true;
        setReading(false);
    }

    /** Reads on. */
    public void resume() {
        paused = false;
        setReading(true);
    }

    /** Gives the request up, and with it its connection; the receiver hears nothing any more. */
    public void abort() {
        if (!done) {
            done = true;
            if (connection != null) {
                connection.close();
            }
        }
    }

    private void setReading(boolean reading) {
        if (!done && connection != null) {
            connection.channel().config().setAutoRead(reading);
        }
    }

    /** The request on one connection. */
    private final class Attempt implements UpstreamExchange {

        private final boolean first;

        Attempt(boolean first) {
            this.first = first;
        }

        @Override
        public void onConnectFailed(UpstreamUnreachableException cause) {
            fail(cause);
        }

        @Override
        public void onConnected(UpstreamConnection connected) {
            if (done) {
                connected.end(true);
                return;
            }
            connection = connected;
            setReading(!paused);
            connected.channel().writeAndFlush(WholeRequest.of(HttpMethod.GET, target, headers));
            receiver.onConnected();
        }

        @Override
        public void onHead(HttpResponse head) {
            if (done) {
                return;
            }
            if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                abort();
                receiver.onFailure(
                        new UpstreamFailedException(
                                upstream.name(), new IOException("switched protocols unasked")));
            } else {
                receiver.onHead(head.status().code(), head.headers());
            }
        }

        @Override
        public void onBody(ByteBuf data) {
            if (done) {
                data.release();
            } else {
                receiver.onPiece(data);
            }
        }

        @Override
        public void onEnd(HttpHeaders trailers) {
            if (!done && connection != null) {
                done = true;
                connection.end(true);
                receiver.onEnd();
            }
        }

        @Override
        public void onFailure(UpstreamFailedException cause) {
            if (!done && first && connection != null && connection.stale()) {
                connection = null;
                upstream.connectAnew(loop, new Attempt(false));
            } else {
                fail(cause);
            }
        }

        private void fail(RuntimeException cause) {
            if (!done) {
                done = true;
                receiver.onFailure(cause);
            }
        }
    }
}
