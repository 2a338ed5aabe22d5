// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.io.IOException;

/** The pool is full; nothing was left half done. */
public final class NoSpaceException extends IOException {

    public NoSpaceException(String message) {
        super(message);
    }

    NoSpaceException(String message, IOException cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
