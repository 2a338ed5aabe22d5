// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a caller is told about. Its text reaches the caller, so it holds no secret; it
 * says what failed, on what, and what to do.
 */
public abstract sealed class AgentException extends RuntimeException
        permits BusyException,
                CallerException,
                ClusterException,
                ContainerException,
                EngineException,
                FileException {

    private final int status;
    private final String details;

    AgentException(int status, String message, String details, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.details = details;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The answer's body. */
    public ApiError error() {
        String message = getMessage();
        return new ApiError(message == null ? "" : message, details);
    }

    @Override
    public Throwable fillInStackTrace() {
        // These are answers, not defects: a caller may provoke thousands of them a second.
        return this;
    }
}
