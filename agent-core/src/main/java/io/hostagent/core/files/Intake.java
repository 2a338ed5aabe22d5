// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.concurrent.DiskThreads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Passes a request's body on to a {@link BodySink}: while one batch of its parts is written, the
 * next one is gathered, and no more than that is asked of the client. Confined to the event loop of
 * its connection but for {@link #write}.
 */
final class Intake extends BaseSubscriber<ByteBuf> {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    /** Parts that are here at once; one has 8 KiB with HTTP/1.1 and 16 KiB at most. */
    private static final int AHEAD = 64;

    private final EventLoop loop;
    private final BodySink target;
    private final DiskThreads disk;
    private final MonoSink<Void> outcome;
    private List<ByteBuf> gathered = new ArrayList<>();
    private boolean working;
    private boolean ended;
    private boolean over;
    private @Nullable Throwable failure;

    private Intake(EventLoop loop, BodySink target, DiskThreads disk, MonoSink<Void> outcome) {
        this.loop = loop;
        this.target = target;
        this.disk = disk;
        this.outcome = outcome;
    }

    /**
     * Takes in a body.
     *
     * @param body emits on {@code loop}
     * @param target is closed in the end, whatever happens
     * @return ends when the target has finished and is closed; errors with what it threw, or with
     *     what the client did
     */
    static Mono<Void> of(
            Publisher<ByteBuf> body, EventLoop loop, BodySink target, DiskThreads disk) {
        return Mono.create(
                sink -> {
                    Intake intake = new Intake(loop, target, disk, sink);
                    sink.onCancel(() -> loop.execute(intake::abort));
                    loop.execute(() -> body.subscribe(intake));
                });
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (over) {
            cancel();
        } else {
            request(AHEAD);
        }
    }

    @Override
    protected void hookOnNext(ByteBuf part) {
        if (!over) {
            gathered.add(part.retain());
            proceed();
        }
    }

    @Override
    protected void hookOnComplete() {
        ended = true;
        proceed();
    }

    @Override
    protected void hookOnError(Throwable cause) {
        failure = cause;
        drop();
        proceed();
    }

    private void proceed() {
        if (working || over) {
            return;
        }
        Throwable cause = failure;
        if (cause != null) {
            over = true;
            close(() -> outcome.error(cause));
        } else if (!gathered.isEmpty()) {
            List<ByteBuf> batch = gathered;
            gathered = new ArrayList<>();
            working = true;
            try {
                disk.execute(() -> write(batch));
            } catch (RejectedExecutionException e) {
                batch.forEach(ByteBuf::release);
                written(0, e);
            }
        } else if (ended) {
            over = true;
            disk.executeLast(this::finish);
        }
    }

    private void write(List<ByteBuf> batch) {
        @Nullable Throwable thrown = null;
        // As one, so that they are written with one call of the kernel.
        ByteBuf all = Unpooled.wrappedBuffer(batch.size(), batch.toArray(ByteBuf[]::new));
        try {
            target.accept(all);
        } catch (IOException | RuntimeException e) {
            thrown = e;
        } finally {
            all.release();
        }
        @Nullable Throwable result = thrown;
        loop.execute(() -> written(batch.size(), result));
    }

    private void written(int parts, @Nullable Throwable thrown) {
        working = false;
        if (over) {
            close(() -> {});
            return;
        }
        if (thrown != null) {
            failure = thrown;
            cancel();
            drop();
        } else if (!ended) {
            request(parts);
        }
        proceed();
    }

    private void finish() {
        try (target) {
            target.finish();
        } catch (IOException | RuntimeException e) {
            outcome.error(e);
            return;
        }
        outcome.success();
    }

    private void close(Runnable then) {
        disk.executeLast(
                () -> {
                    try {
                        target.close();
                    } catch (IOException e) {
                        log.warn("What was left of an upload could not be removed", e);
                    }
                    then.run();
                });
    }

    /** The client is gone. */
    private void abort() {
        if (over) {
            return;
        }
        over = true;
        cancel();
        drop();
        if (!working) {
            close(() -> {});
        }
    }

    private void drop() {
        gathered.forEach(ByteBuf::release);
        gathered = new ArrayList<>();
    }
}
