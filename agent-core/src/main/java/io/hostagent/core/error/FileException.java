// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import java.io.IOException;

/** A file system did not do what it was asked for. */
public final class FileException extends AgentException {

    private static final int INSUFFICIENT_STORAGE = 507;

    private FileException(int status, String message, String details, IOException cause) {
        super(status, message, details, cause);
    }

    /** 500, as the original agent answers, with what the kernel said. */
    public static FileException failed(String message, IOException cause) {
        return new FileException(500, message, String.valueOf(cause.getMessage()), cause);
    }

    /** 507: there is no room for it. */
    public static FileException full(String message, IOException cause) {
        return new FileException(
                INSUFFICIENT_STORAGE, message, String.valueOf(cause.getMessage()), cause);
    }
}
