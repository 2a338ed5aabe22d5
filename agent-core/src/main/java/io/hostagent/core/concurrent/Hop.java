// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.concurrent;

import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The way from any thread to one of an executor, such as the event loop of a connection. */
public final class Hop {

    private Hop() {}

    /** Completes on a thread of the executor, so that what follows runs there. */
    public static Mono<Void> onto(Executor executor) {
        return Mono.<Void>fromRunnable(() -> {}).subscribeOn(Schedulers.fromExecutor(executor));
    }
}
