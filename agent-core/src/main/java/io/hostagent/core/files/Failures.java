// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.FileException;
import io.hostagent.core.jail.Errno;
import io.hostagent.core.jail.KernelException;
import io.hostagent.core.jail.OutsideException;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/** What a client is told when a call on files fails. */
final class Failures {

    private Failures() {}

    /** The answer as {@link #of} gives it, but 404 for what is not there. */
    static AgentException known(String message, IOException failure) {
        if (failure instanceof KernelException missing
                && (missing.errno() == Errno.NOENT || missing.errno() == Errno.NOTDIR)) {
            return CallerException.notFound(message, String.valueOf(missing.getMessage()));
        }
        return of(message, failure) instanceof AgentException known
                ? known
                : FileException.failed(message, failure);
    }

    /**
     * The answer: 403 for a way out and for what the agent itself may not do, 507 for a full disk,
     * and 500 for all else, as the original agent has it.
     *
     * @param message in the words of the original agent, what could not be done
     */
    static Throwable of(String message, Throwable failure) {
        return switch (failure) {
            case AgentException known -> known;
            case OutsideException outside ->
                    CallerException.forbidden(message, String.valueOf(outside.getMessage()));
            case KernelException full
                    when full.errno() == Errno.NOSPC || full.errno() == Errno.DQUOT ->
                    FileException.full(message, full);
            case KernelException denied
                    when denied.errno() == Errno.ACCES || denied.errno() == Errno.PERM ->
                    CallerException.forbidden(message, String.valueOf(denied.getMessage()));
            case IOException other -> FileException.failed(message, other);
            case RejectedExecutionException busy ->
                    FileException.failed(
                            message,
                            new IOException("Too many calls wait for the disk: ask again", busy));
            default -> failure;
        };
    }
}
