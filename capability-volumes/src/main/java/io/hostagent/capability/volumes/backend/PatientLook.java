// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a disk that may never answer. Whoever calls the kernel for one whose server is gone
 * waits until that is back, and cannot be woken. So one thread looks, for all who ask, and those
 * wait for a time only; while it is still waiting, who asks next is told so at once.
 */
public final class PatientLook<T> {

    private final String what;
    private final Duration limit;
    private final Callable<T> question;
    private @Nullable Look<T> going;

    /**
     * Prepares looks.
     *
     * @param what is looked at, for errors
     * @param limit for an answer
     * @param question that may take for ever
     */
    public PatientLook(String what, Duration limit, Callable<T> question) {
        this.what = what;
        this.limit = limit;
        this.question = question;
    }

    private record Look<T>(FutureTask<T> task, long end) {}

    /**
     * Looks.
     *
     * @throws NoAnswerException when there is none within the limit
     */
    public T ask() throws IOException {
        Look<T> look = join();
        try {
            return look.task()
                    .get(Math.max(0, look.end() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw noAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(what + " was not waited for");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw new IOException(failure.getMessage(), failure);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private synchronized Look<T> join() {
        Look<T> look = going;
        if (look == null || look.task().isDone()) {
            look = new Look<>(new FutureTask<>(question), System.nanoTime() + limit.toNanos());
            going = look;
            Thread.ofPlatform().daemon().name("agent-volumes-look").start(look.task());
        }
        return look;
    }

    private NoAnswerException noAnswer() {
        return new NoAnswerException(
                what + " does not answer within " + limit.toSeconds() + " s: is its server gone?");
    }
}
