// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The response to one client, written as a relay writes it: head and end go through Reactor Netty,
 * which keeps the books of the connection, and the body between them to the channel directly.
 */
final class ClientOutlet implements AnswerOutlet {

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Channel client;
    private final ClientValve valve;
    private final MonoSink<Void> sink;

    private AnswerProducer.@Nullable Production production;
    private @Nullable HttpHeaders late;
    private boolean headSent;
    private boolean takesLateHeaders;
    private boolean writing;
    private boolean done;

    private ClientOutlet(
            HttpServerRequest request,
            HttpServerResponse response,
            Channel client,
            MonoSink<Void> sink) {
        this.request = request;
        this.response = response;
        this.client = client;
        this.valve = ClientValve.of(client);
        this.sink = sink;
    }

    static Mono<Void> answer(
            HttpServerRequest request, HttpServerResponse response, AnswerProducer producer) {
        Channel client = Relay.channel(response);
        return Mono.create(
                sink -> {
                    EventLoop loop = client.eventLoop();
                    ClientOutlet outlet = new ClientOutlet(request, response, client, sink);
                    sink.onCancel(() -> loop.execute(outlet::abort));
                    if (loop.inEventLoop()) {
                        outlet.start(producer);
                    } else {
                        loop.execute(() -> outlet.start(producer));
                    }
                });
    }

    /** Called on the event loop of the client. */
    static ClientOutlet start(
            HttpServerRequest request,
            HttpServerResponse response,
            Channel client,
            MonoSink<Void> sink,
            AnswerProducer producer) {
        ClientOutlet outlet = new ClientOutlet(request, response, client, sink);
        outlet.start(producer);
        return outlet;
    }

    private void start(AnswerProducer producer) {
        AnswerProducer.Production begun = producer.into(this);
        if (done) {
            // The client left before this: what the producer holds is given back all the same.
            begun.abort();
            return;
        }
        production = begun;
        begun.start();
    }

    /** The client is gone. */
    void abort() {
        AnswerProducer.Production running = production;
        if (!done) {
            finish();
            if (running != null) {
                running.abort();
            }
        }
    }

    @Override
    public EventLoop loop() {
        return client.eventLoop();
    }

    @Override
    public void head(HttpResponse head, String... names) {
        if (done) {
            return;
        }
        ResponseHead.apply(head, request, response);
        if (ResponseHead.bodiless(HttpMethod.GET, head)) {
            // Reactor Netty sends and flushes it whole when it ends.
            return;
        }
        boolean chunked =
                !request.version().equals(HttpVersion.HTTP_1_0)
                        && !response.responseHeaders().contains(HttpHeaderNames.CONTENT_LENGTH);
        if (names.length > 0 && chunked) {
            takesLateHeaders = true;
            response.responseHeaders().set(HttpHeaderNames.TRAILER, String.join(", ", names));
            response.trailerHeaders(this::addLate);
        }
        headSent = true;
        valve.onWritable(this::onWritable);
        valve.withoutFlush(() -> response.then().subscribe(null, failed -> abort()));
    }

    private void addLate(HttpHeaders trailers) {
        if (late != null) {
            trailers.set(late);
        }
    }

    private void onWritable() {
        // A flush makes the channel writable again, and says so, while the producer still writes.
        if (!writing && production != null) {
            production.onWritable();
        }
    }

    @Override
    public boolean takesLateHeaders() {
        return takesLateHeaders;
    }

    @Override
    public boolean isWritable() {
        return client.isWritable();
    }

    @Override
    public void write(ByteBuf piece) {
        if (done || !headSent) {
            piece.release();
            return;
        }
        writing = true;
        client.write(new DefaultHttpContent(piece));
        if (!client.isWritable()) {
            client.flush();
        }
        writing = false;
    }

    @Override
    public void flush() {
        if (!done) {
            writing = true;
            client.flush();
            writing = false;
        }
    }

    @Override
    public void end(HttpHeaders headers) {
        if (!done) {
            late = headers;
            finish();
            sink.success();
        }
    }

    @Override
    public void fail(RuntimeException cause) {
        if (done) {
            return;
        }
        finish();
        if (headSent) {
            client.flush();
            client.close();
        } else {
            sink.error(cause);
        }
    }

    private void finish() {
        done = true;
        production = null;
        valve.onWritable(null);
    }
}
