// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Tells a node that is busy from one that has vanished: while nothing is heard of it, it is asked
 * from time to time whether it lives. Confined to an event loop.
 */
public final class SilenceWatch {

    /**
     * An engine answers most requests in a few milliseconds; whoever takes 300 is asked after, and
     * a host that vanished costs 1.3 s in all.
     *
     * @param longest silence of a node that lives
     */
    public static Patience patience(Duration longest) {
        return new Patience(
                Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(1), longest);
    }

    /**
     * How long things may take.
     *
     * @param first silence until the first question
     * @param between questions
     * @param answer what a question may take
     * @param longest silence of a node that lives
     */
    public record Patience(Duration first, Duration between, Duration answer, Duration longest) {}

    private final EventLoop loop;
    private final Supplier<Mono<Boolean>> alive;
    private final Patience patience;
    private final Consumer<String> lost;

    private @Nullable ScheduledFuture<?> timer;
    private @Nullable Question question;
    private long heardAt;

    /**
     * Describes a watch that does nothing yet.
     *
     * @param lost told why the node is given up; then the watch has ended
     */
    public SilenceWatch(
            EventLoop loop,
            Supplier<Mono<Boolean>> alive,
            Patience patience,
            Consumer<String> lost) {
        this.loop = loop;
        this.alive = alive;
        this.patience = patience;
        this.lost = lost;
    }

    /** Something is expected of the node from now on. */
    public void start() {
        stop();
        heard();
        later(patience.first(), this::look);
    }

    /** The node said something. */
    public void heard() {
        heardAt = System.nanoTime();
    }

    /** Nothing is expected of it any more, or not for now. */
    public void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        Question asked = question;
        question = null;
        if (asked != null) {
            asked.withdraw();
        }
    }

    private void later(Duration delay, Runnable step) {
        timer = loop.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
        Duration silence = Duration.ofNanos(System.nanoTime() - heardAt);
        if (silence.compareTo(patience.first()) < 0) {
            later(patience.first().minus(silence), this::look);
        } else if (silence.compareTo(patience.longest()) >= 0) {
            give("said nothing for " + patience.longest().toSeconds() + " s");
        } else {
            Question next = new Question();
            question = next;
            next.ask();
        }
    }

    private void give(String why) {
        stop();
        lost.accept(why);
    }

    /** One question whether the node lives. */
    private final class Question {

        private final long askedAt = System.nanoTime();
        private @Nullable Disposable call;

        void ask() {
            later(patience.answer(), () -> answered(false));
            call =
                    Mono.defer(alive)
                            .onErrorReturn(false)
                            .defaultIfEmpty(false)
                            .subscribe(this::onAnswer);
        }

        private void onAnswer(boolean yes) {
            if (loop.inEventLoop()) {
                answered(yes);
            } else {
                loop.execute(() -> answered(yes));
            }
        }

        private void answered(boolean yes) {
            if (question != this) {
                return;
            }
            stop();
            if (yes || heardAt - askedAt > 0) {
                later(patience.between(), SilenceWatch.this::look);
            } else {
                give("does not answer");
            }
        }

        void withdraw() {
            if (call != null) {
                call.dispose();
            }
        }
    }
}
