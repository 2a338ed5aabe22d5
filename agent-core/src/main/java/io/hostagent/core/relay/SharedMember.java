// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.hostagent.core.share.AnswerSource;
import io.hostagent.core.share.Asker;
import io.hostagent.core.share.Sharing;
import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * One client's request that may share its answer. Its state is confined to the event loop of the
 * client; what others tell it is brought there.
 */
final class SharedMember implements Asker<Answer> {

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Channel client;
    private final Mono<Void> ownAnswer;
    private final AnswerSource<Answer> source;
    private final MonoSink<Void> sink;

    private Runnable leave = () -> {};
    private @Nullable Disposable ownCall;
    private @Nullable ClientOutlet shared;
    private boolean gone;

    SharedMember(
            HttpServerRequest request,
            HttpServerResponse response,
            Channel client,
            Mono<Void> ownAnswer,
            AnswerSource<Answer> source,
            MonoSink<Void> sink) {
        this.request = request;
        this.response = response;
        this.client = client;
        this.ownAnswer = ownAnswer;
        this.source = source;
        this.sink = sink;
    }

    void join(Sharing<Answer> sharing, String key) {
        onLoop(
                () -> {
                    if (!gone) {
                        leave = sharing.join(key, this);
                    }
                });
    }

    /** The client is gone. */
    void leave() {
        onLoop(
                () -> {
                    gone = true;
                    leave.run();
                    if (ownCall != null) {
                        ownCall.dispose();
                    }
                    if (shared != null) {
                        shared.abort();
                    }
                });
    }

    @Override
    public ScheduledExecutorService timers() {
        return client.eventLoop();
    }

    @Override
    public AnswerSource<Answer> source() {
        return source;
    }

    @Override
    public void alone(Runnable ended) {
        boolean told =
                onLoop(
                        () -> {
                            if (gone) {
                                ended.run();
                                return;
                            }
                            ownCall =
                                    ownAnswer
                                            .doOnTerminate(ended)
                                            .doOnCancel(ended)
                                            .subscribe(null, sink::error, sink::success);
                        });
        if (!told) {
            ended.run();
        }
    }

    @Override
    public void accept(Answer answer) {
        boolean told =
                onLoop(
                        () -> {
                            write(answer);
                            answer.release();
                        });
        if (!told) {
            answer.release();
        }
    }

    private void write(Answer answer) {
        if (gone) {
            return;
        }
        try {
            shared =
                    ClientOutlet.start(
                            request,
                            response,
                            client,
                            sink,
                            outlet -> new AnswerWriter(answer, outlet));
        } catch (IllegalArgumentException e) {
            // A head that cannot be passed on; a relay finds the words for it.
            alone(() -> {});
        }
    }

    @Override
    public void fail(RuntimeException cause) {
        onLoop(
                () -> {
                    if (!gone) {
                        sink.error(cause);
                    }
                });
    }

    /** Whether the step is or will be done: an event loop that has been shut down takes none. */
    private boolean onLoop(Runnable step) {
        if (client.eventLoop().inEventLoop()) {
            step.run();
            return true;
        }
        try {
            client.eventLoop().execute(step);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
