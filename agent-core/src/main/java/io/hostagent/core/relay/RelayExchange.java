// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * One relayed request, from the client's connection to an upstream one and back. Both live on one
 * event loop, to which this object is confined.
 *
 * <p>The response's head and end go through Reactor Netty, which keeps the books of the client's
 * connection; the body between them is written to the channel directly.
 */
final class RelayExchange implements UpstreamExchange {

    private static final int GATHER_BYTES = 32 * 1024;
    private static final int GATHER_MICROS = 500;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Channel client;
    private final Upstream upstream;
    private final Relay.Outgoing outgoing;
    private final MonoSink<Void> sink;
    private final ClientValve valve;

    private @Nullable UpstreamConnection connection;
    private @Nullable RequestBody requestBody;
    private boolean requestSent;
    private boolean askedAgain;
    private boolean headSent;
    private final Gathered gathered = new Gathered();
    private int unflushed;
    private long lastFlush;
    private boolean flushScheduled;
    private boolean tunnel;
    private boolean done;

    RelayExchange(
            HttpServerRequest request,
            HttpServerResponse response,
            Channel client,
            Upstream upstream,
            Relay.Outgoing outgoing,
            MonoSink<Void> sink) {
        this.request = request;
        this.response = response;
        this.client = client;
        this.upstream = upstream;
        this.outgoing = outgoing;
        this.sink = sink;
        this.valve = ClientValve.of(client);
    }

    void start() {
        upstream.connect(client.eventLoop(), this);
    }

    /** The client is gone: so is the reason for the upstream request. */
    void abort() {
        if (!done && !tunnel) {
            finish();
            closeUpstream();
        }
    }

    @Override
    public void onConnectFailed(UpstreamUnreachableException cause) {
        if (!done) {
            finish();
            sink.error(cause);
        }
    }

    @Override
    public void onConnected(UpstreamConnection connected) {
        if (done) {
            connected.end(true);
            return;
        }
        connection = connected;
        HttpHeaders incoming = request.requestHeaders();
        boolean chunked = incoming.contains(HttpHeaderNames.TRANSFER_ENCODING);
        String length = chunked ? null : incoming.get(HttpHeaderNames.CONTENT_LENGTH);
        HttpRequest head =
                new DefaultHttpRequest(
                        HttpVersion.HTTP_1_1,
                        outgoing.method(),
                        outgoing.target(),
                        outgoing.headers());
        // A body of HTTP/2 has neither header; where one may follow, it goes on in chunks.
        boolean unsized = length == null && request.version().majorVersion() > 1 && mayHaveBody();
        if (chunked || unsized) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (length != null) {
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        if (outgoing.upgrade() != null) {
            head.headers()
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .set(HttpHeaderNames.UPGRADE, outgoing.upgrade());
        }
        Channel channel = connected.channel();
        channel.write(head);
        if (chunked || unsized || (length != null && !length.equals("0"))) {
            channel.flush();
            requestBody = new RequestBody(channel, this::onRequestSent, this::onRequestFailed);
            request.receive().subscribe(requestBody);
        } else {
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            requestSent = true;
        }
    }

    private boolean mayHaveBody() {
        HttpMethod method = outgoing.method();
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }

    private void onRequestSent() {
        requestSent = true;
    }

    private void onRequestFailed() {
        if (!done && !tunnel) {
            finish();
            closeUpstream();
            client.close();
        }
    }

    @Override
    public void onHead(HttpResponse head) {
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            if (outgoing.upgrade() == null || !requestSent) {
                closeUpstream();
                onFailure(
                        new UpstreamFailedException(
                                upstream.name(),
                                new IllegalStateException("switched protocols unasked")));
                return;
            }
            tunnel = true;
            startTunnel(head);
            return;
        }
        if (head.status().equals(HttpResponseStatus.MISDIRECTED_REQUEST)) {
            finish();
            closeUpstream();
            sink.error(new UpstreamMisdirectedException(upstream.name()));
            return;
        }
        ResponseHead.apply(head, request, response);
        if (ResponseHead.bodiless(outgoing.method(), head)) {
            // Reactor Netty sends and flushes it whole when it ends.
            return;
        }
        valve.onWritable(this::onClientWritable);
        valve.withoutFlush(() -> response.then().subscribe(null, this::onClientFailed));
        headSent = true;
        unflushed = 1;
        lastFlush = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);
    }

    private void startTunnel(HttpResponse head) {
        if (connection != null) {
            finish();
            outgoing.switched().run();
            Tunnel.start(client, connection.detach(), head, response.responseHeaders());
            // Reactor Netty's part in this connection is over: its subscription ends with it.
        }
    }

    @Override
    public void onBody(ByteBuf data) {
        if (done || !headSent) {
            data.release();
            return;
        }
        gathered.add(data);
        if (gathered.full()) {
            write();
        }
    }

    /**
     * What comes after a pause leaves at once. An engine that is in the middle of a long answer
     * writes it in small pieces, a few microseconds apart; those leave together, within {@value
     * #GATHER_MICROS} µs, with the end of the answer, or when they fill {@value #GATHER_BYTES}
     * bytes.
     */
    @Override
    public void onBurstEnd() {
        int waiting = unflushed + gathered.bytes();
        if (waiting == 0) {
            return;
        }
        long sinceFlush = System.nanoTime() - lastFlush;
        if (waiting >= GATHER_BYTES || sinceFlush >= TimeUnit.MICROSECONDS.toNanos(GATHER_MICROS)) {
            flush();
        } else if (!flushScheduled) {
            flushScheduled = true;
            client.eventLoop().schedule(this::flushGathered, GATHER_MICROS, TimeUnit.MICROSECONDS);
        }
    }

    private void flushGathered() {
        flushScheduled = false;
        if (unflushed + gathered.bytes() > 0 && !done) {
            flush();
        }
    }

    /** As one piece: TLS then copies none of it together, and the client reads fewer chunks. */
    private void write() {
        if (gathered.bytes() > 0) {
            unflushed += gathered.bytes();
            client.write(new DefaultHttpContent(gathered.take(client.alloc())));
            if (!client.isWritable() && connection != null) {
                connection.channel().config().setAutoRead(false);
                client.flush();
            }
        }
    }

    private void flush() {
        write();
        unflushed = 0;
        lastFlush = System.nanoTime();
        client.flush();
    }

    private void onClientWritable() {
        if (connection != null && !done) {
            connection.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        if (tunnel || done) {
            return;
        }
        write();
        finish();
        if (connection != null) {
            connection.end(requestSent);
        }
        if (!requestSent && requestBody != null) {
            // What still comes of the request's body is Reactor Netty's to throw away.
            requestBody.cancel();
        }
        sink.success();
    }

    @Override
    public void onWritable() {
        if (requestBody != null) {
            requestBody.onWritable();
        }
    }

    @Override
    public void onFailure(UpstreamFailedException cause) {
        if (done) {
            return;
        }
        if (mayAskAgain()) {
            askedAgain = true;
            connection = null;
            upstream.connectAnew(client.eventLoop(), this);
            return;
        }
        if (headSent) {
            flush();
        }
        finish();
        if (requestBody != null) {
            requestBody.cancel();
        }
        if (headSent) {
            client.close();
        } else {
            sink.error(cause);
        }
    }

    /**
     * A server may close an idle connection in the moment in which it is used again. What only
     * looks and has no body is then sent once more (RFC 9112 §9.3.1).
     */
    private boolean mayAskAgain() {
        return !askedAgain
                && !headSent
                && requestBody == null
                && outgoing.upgrade() == null
                && !mayHaveBody()
                && connection != null
                && connection.stale();
    }

    private void onClientFailed(Throwable cause) {
        abort();
    }

    private void finish() {
        done = true;
        gathered.release();
        valve.onWritable(null);
    }

    private void closeUpstream() {
        if (requestBody != null) {
            requestBody.cancel();
        }
        if (connection != null) {
            connection.close();
        }
    }
}
