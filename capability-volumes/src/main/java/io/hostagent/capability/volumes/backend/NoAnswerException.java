// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.io.IOException;
import java.io.Serial;

/** A disk does not answer, as that of a server that is gone does not. */
public final class NoAnswerException extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    public NoAnswerException(String message) {
        super(message);
    }
}
