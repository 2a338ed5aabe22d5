// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.hostagent.core.error.ContainerException;
import io.hostagent.core.relay.AnswerOutlet;
import io.hostagent.core.relay.AnswerProducer;
import io.hostagent.core.relay.UpstreamStream;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One scrape on its way: the exporter's answer goes to the client as it comes, no faster than the
 * client takes it, byte for byte. It has bounds in time and size; past them the client gets an
 * error, or, with half an answer there already, a connection that is cut. Confined to the outlet's
 * event loop.
 */
final class Scrape implements AnswerProducer.Production, UpstreamStream.Receiver {

    /** What an exporter's answer may have, in bytes on the wire. */
    static final long LARGEST = 10_000_000;

    private static final int MISDIRECTED = HttpResponseStatus.MISDIRECTED_REQUEST.code();

    private final Connections connections;
    private final Exporter exporter;
    private final ScrapeRequest request;
    private final AnswerOutlet outlet;

    private int attempt;
    private long bytes;
    private @Nullable UpstreamStream stream;
    private @Nullable ScheduledFuture<?> timer;

    Scrape(Connections connections, Exporter exporter, ScrapeRequest request, AnswerOutlet outlet) {
        this.connections = connections;
        this.exporter = connections.bestFirst(exporter);
        this.request = request;
        this.outlet = outlet;
    }

    @Override
    public void start() {
        timer =
                outlet.loop()
                        .schedule(this::late, request.limit().toMillis(), TimeUnit.MILLISECONDS);
        ask();
    }

    private void ask() {
        String address = address();
        UpstreamStream next =
                new UpstreamStream(
                        connections.to(exporter, address),
                        outlet.loop(),
                        request.target(),
                        request.headersTo(Connections.hostAndPort(address, exporter.port())),
                        this);
        stream = next;
        next.start();
    }

    private String address() {
        return exporter.addresses().get(attempt);
    }

    @Override
    public void onHead(int status, HttpHeaders headers) {
        connections.answered(exporter, address());
        String location = headers.get(HttpHeaderNames.LOCATION, "");
        if (status / 100 == 3 && status != 304) {
            fail("It redirects to '" + location + "': name that path in prometheus.io/path", null);
            return;
        }
        if (status < 200 || status > 599 || status == MISDIRECTED) {
            fail("It answers with status " + status, null);
            return;
        }
        HttpResponse head =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        PassedOn.answer(headers));
        if (length(head) > LARGEST) {
            fail(tooLarge(), null);
            return;
        }
        try {
            outlet.head(head);
        } catch (IllegalArgumentException e) {
            fail("It answers with headers that are none", e);
        }
    }

    private static long length(HttpResponse head) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0");
        // Longer than a number can be is too long, and so is what is none.
        return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : Long.MAX_VALUE;
    }

    @Override
    public void onPiece(ByteBuf piece) {
        bytes += piece.readableBytes();
        if (bytes > LARGEST) {
            piece.release();
            fail(tooLarge(), null);
            return;
        }
        outlet.write(piece);
        if (stream != null && !outlet.isWritable()) {
            stream.pause();
        }
    }

    @Override
    public void onWritable() {
        if (stream != null) {
            stream.resume();
        }
    }

    @Override
    public void onEnd() {
        finish();
        outlet.end(EmptyHttpHeaders.INSTANCE);
    }

    @Override
    public void onFailure(RuntimeException cause) {
        boolean another = attempt + 1 < exporter.addresses().size();
        if (cause instanceof UpstreamUnreachableException && another) {
            attempt++;
            ask();
        } else {
            fail(String.valueOf(cause.getMessage()), cause);
        }
    }

    @Override
    public void abort() {
        finish();
    }

    private void late() {
        finish();
        outlet.fail(
                ContainerException.late(
                        "The container '" + exporter.name() + "' gave no whole answer in time",
                        "It had "
                                + request.limit().toMillis()
                                + " ms, as scrape_timeout of the scrape says"));
    }

    private static String tooLarge() {
        return "Its answer has more than " + LARGEST + " bytes";
    }

    private void fail(String details, @Nullable RuntimeException cause) {
        finish();
        outlet.fail(
                ContainerException.failed(
                        "The container '" + exporter.name() + "' cannot be scraped",
                        details,
                        cause));
    }

    private void finish() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (stream != null) {
            stream.abort();
            stream = null;
        }
    }
}
