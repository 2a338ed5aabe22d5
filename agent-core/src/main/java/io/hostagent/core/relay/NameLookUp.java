// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up as this host does (its hosts file, its DNS), which blocks: so not on the event
 * loop that waits for the address.
 */
final class NameLookUp extends AddressResolverGroup<InetSocketAddress> {

    private final Executor threads;
    private final Duration limit;

    NameLookUp(Executor threads, Duration limit) {
        this.threads = threads;
        this.limit = limit;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor loop) {
        return new InetSocketAddressResolver(loop, new Names(loop));
    }

    private final class Names extends InetNameResolver {

        Names(EventExecutor loop) {
            super(loop);
        }

        @Override
        protected void doResolve(String name, Promise<InetAddress> promise) {
            ask(name, promise, () -> InetAddress.getByName(name));
        }

        @Override
        protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
            ask(name, promise, () -> List.of(InetAddress.getAllByName(name)));
        }

        private <T> void ask(String name, Promise<T> promise, Callable<T> question) {
            var timer =
                    executor()
                            .schedule(
                                    () -> promise.tryFailure(tooLate(name)),
                                    limit.toNanos(),
                                    TimeUnit.NANOSECONDS);
            promise.addListener(done -> timer.cancel(false));
            threads.execute(
                    () -> {
                        try {
                            promise.trySuccess(question.call());
                        } catch (Exception e) {
                            promise.tryFailure(e);
                        }
                    });
        }

        private UnknownHostException tooLate(String name) {
            return new UnknownHostException(
                    name + ": no answer from the name server within " + limit.toSeconds() + " s");
        }
    }
}
