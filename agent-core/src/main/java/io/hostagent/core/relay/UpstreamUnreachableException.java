// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.handler.ssl.NotSslRecordException;
import org.jspecify.annotations.Nullable;

/** No connection to an upstream server could be had; nothing of the request was sent. */
public final class UpstreamUnreachableException extends RuntimeException {

    UpstreamUnreachableException(String upstream, @Nullable Throwable cause) {
        super(cause == null ? upstream : upstream + " cannot be reached: " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            // Its message holds what the server sent.
            return "it does not speak TLS";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    @Override
    public Throwable fillInStackTrace() {
        // A stopped engine is a normal state that may be met a thousand times a second.
        return this;
    }
}
