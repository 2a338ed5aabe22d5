// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Work that is done a moment after somebody has asked for it, once for all who ask in that moment.
 * It is never done twice at once; whoever asks while it is done has it done again. What fails is
 * done when somebody asks the next time.
 */
final class Soon implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Soon.class);

    private final Duration moment;
    private final String what;
    private final Supplier<Mono<Void>> work;
    private final Disposable.Swap turn = Disposables.swap();
    private boolean busy;
    private boolean again;

    /**
     * Does nothing until it is asked.
     *
     * @param what it does, for the log
     */
    Soon(Duration moment, String what, Supplier<Mono<Void>> work) {
        this.moment = moment;
        this.what = what;
        this.work = work;
    }

    synchronized void ask() {
        again = busy;
        if (!busy) {
            busy = true;
            turn.update(
                    Mono.delay(moment)
                            .then(Mono.defer(this::begun))
                            .doFinally(end -> ended())
                            .subscribe(
                                    done -> {}, failure -> log.debug("{} failed", what, failure)));
        }
    }

    private synchronized Mono<Void> begun() {
        again = false;
        return work.get();
    }

    private synchronized void ended() {
        busy = false;
        if (again && !turn.isDisposed()) {
            ask();
        }
    }

    @Override
    public void close() {
        turn.dispose();
    }
}
