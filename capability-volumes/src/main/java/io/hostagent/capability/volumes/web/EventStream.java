// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.event.Told;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.AnswerOutlet;
import io.hostagent.core.relay.AnswerProducer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Events as a stream that never ends ({@code text/event-stream}). One is asked for when the one
 * before it is on its way, so a client that does not read holds nothing but its place.
 */
final class EventStream implements AnswerProducer {

    /** So that proxies on the way do not take the stream for dead. */
    private static final int BEAT_SECONDS = 15;

    private static final byte[] BEAT = ":\n\n".getBytes(UTF_8);

    private final Flux<Told> events;

    EventStream(Flux<Told> events) {
        this.events = events;
    }

    @Override
    public Production into(AnswerOutlet outlet) {
        return new Running(outlet);
    }

    private static HttpResponse head() {
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                new DefaultHttpHeaders()
                        .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                        .set("X-Accel-Buffering", "no"));
    }

    private static byte[] frame(Told told) {
        String text =
                switch (told) {
                    case Told.Happened event ->
                            "id: %d\ndata: %s\n\n"
                                    .formatted(
                                            event.id(),
                                            new String(
                                                    JsonTree.write(VolumeJson.of(event)), UTF_8));
                    case Told.Missed missed ->
                            "id: %d\nevent: missed\ndata: %s\n\n"
                                    .formatted(
                                            missed.id(),
                                            new String(
                                                    JsonTree.write(Map.of("upTo", missed.id())),
                                                    UTF_8));
                };
        return text.getBytes(UTF_8);
    }

    /** Confined to the outlet's event loop, but for the hooks of the subscriber. */
    private static final class Events extends BaseSubscriber<Told> {

        private final Running running;

        Events(Running running) {
            this.running = running;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }

        @Override
        protected void hookOnNext(Told told) {
            byte[] frame = frame(told);
            running.outlet.loop().execute(() -> running.tell(frame));
        }
    }

    /** One client. */
    private final class Running implements Production {

        private final AnswerOutlet outlet;
        private final Events subscriber = new Events(this);
        private @Nullable ScheduledFuture<?> beat;
        private boolean waiting;
        private boolean over;

        Running(AnswerOutlet outlet) {
            this.outlet = outlet;
        }

        @Override
        public void start() {
            outlet.head(head());
            send(BEAT);
            if (!over) {
                beat =
                        outlet.loop()
                                .scheduleAtFixedRate(
                                        this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
                events.subscribe(subscriber);
            }
        }

        private void beat() {
            if (outlet.isWritable()) {
                send(BEAT);
            }
        }

        private void tell(byte[] frame) {
            send(frame);
            if (outlet.isWritable()) {
                subscriber.request(1);
            } else {
                waiting = true;
            }
        }

        private void send(byte[] bytes) {
            if (!over) {
                ByteBuf piece = Unpooled.wrappedBuffer(bytes);
                outlet.write(piece);
                outlet.flush();
            }
        }

        @Override
        public void onWritable() {
            if (waiting) {
                waiting = false;
                subscriber.request(1);
            }
        }

        @Override
        public void abort() {
            over = true;
            subscriber.cancel();
            if (beat != null) {
                beat.cancel(false);
            }
        }
    }
}
