// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.autoconfigure;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * One event loop for each core, used by clients' and upstream connections alike. Spring's factory
 * makes new ones for whoever asks after it was stopped, and nobody would end those.
 */
final class EventLoops extends ReactorResourceFactory {

    private volatile boolean over;

    EventLoops() {
        setUseGlobalResources(false);
        setLoopResourcesSupplier(
                () ->
                        LoopResources.create(
                                "agent-io",
                                Math.max(2, Runtime.getRuntime().availableProcessors()),
                                false));
        setShutdownQuietPeriod(Duration.ZERO);
    }

    @Override
    public void start() {
        if (over) {
            throw new RejectedExecutionException("The agent ends: it has no event loops any more");
        }
        super.start();
    }

    @Override
    public void stop() {
        over = true;
        super.stop();
    }

    @Override
    public void destroy() {
        over = true;
        super.destroy();
    }
}
