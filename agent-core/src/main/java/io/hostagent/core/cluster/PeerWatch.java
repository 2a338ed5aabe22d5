// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.relay.SilenceWatch;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Tells a peer that takes its time from one that is gone. A request may wait for its answer for as
 * long as the engine needs; a host that was switched off, cut off or frozen says nothing either. So
 * while there is no answer, the agent there is asked whether it lives.
 */
final class PeerWatch {

    /** A build or a stop may take hours; what matters is whether somebody is there. */
    private static final SilenceWatch.Patience PATIENCE =
            SilenceWatch.patience(Duration.ofDays(365));

    /** A peer that took a connection and then said nothing any more. */
    static final class NoAnswer extends RuntimeException {
        NoAnswer() {
            super("it is silent, and its host may be gone");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private final EventLoop loop;
    private final Supplier<Mono<Boolean>> alive;
    private final BooleanSupplier answered;
    private final int questions;

    /**
     * Prepares a watch over one request.
     *
     * @param questions how many have to stay without an answer, one after the other
     * @param answered whether the answer has begun, from when on there is nothing to watch
     */
    PeerWatch(
            EventLoop loop,
            Supplier<Mono<Boolean>> alive,
            BooleanSupplier answered,
            int questions) {
        this.loop = loop;
        this.alive = alive;
        this.answered = answered;
        this.questions = questions;
    }

    /** The same answer, or {@link NoAnswer} when its peer is gone. */
    Mono<Void> over(Mono<Void> answer) {
        return Mono.create(
                sink -> {
                    Watch watch = new Watch(sink);
                    sink.onDispose(watch);
                    watch.start(answer);
                });
    }

    /** Confined to the event loop but for its end. */
    private final class Watch implements Disposable {

        private final MonoSink<Void> sink;
        private final Disposable.Swap relay = Disposables.swap();
        private final SilenceWatch silence;
        private boolean over;
        private int missed;

        Watch(MonoSink<Void> sink) {
            this.sink = sink;
            this.silence =
                    new SilenceWatch(
                            loop, this::isAlive, PATIENCE, why -> sink.error(new NoAnswer()));
        }

        void start(Mono<Void> answer) {
            relay.update(answer.subscribe(null, sink::error, sink::success));
            onLoop(
                    () -> {
                        if (!over) {
                            silence.start();
                        }
                    });
        }

        /** What has begun to answer needs no question, and may be silent as long as it likes. */
        private Mono<Boolean> isAlive() {
            if (answered.getAsBoolean()) {
                stop();
                return Mono.never();
            }
            return alive.get()
                    .map(
                            yes -> {
                                missed = yes ? 0 : missed + 1;
                                return missed < questions || answered.getAsBoolean();
                            });
        }

        @Override
        public void dispose() {
            relay.dispose();
            onLoop(this::stop);
        }

        private void stop() {
            over = true;
            silence.stop();
        }

        private void onLoop(Runnable step) {
            if (loop.inEventLoop()) {
                step.run();
            } else {
                loop.execute(step);
            }
        }
    }
}
