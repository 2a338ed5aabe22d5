// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import org.jspecify.annotations.Nullable;

/** What a container serves cannot be had, as it does not answer as it should: 502 or 504. */
public final class ContainerException extends AgentException {

    private ContainerException(
            int status, String message, String details, @Nullable Throwable cause) {
        super(status, message, details, cause);
    }

    /** 502: no connection to it, or no answer that can be passed on. */
    public static ContainerException failed(
            String message, String details, @Nullable Throwable cause) {
        return new ContainerException(502, message, details, cause);
    }

    /** 504: its answer did not come in time. */
    public static ContainerException late(String message, String details) {
        return new ContainerException(504, message, details, null);
    }
}
