// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.kernel;

import java.io.IOException;

/** A kernel file does not look as it should. */
public final class KernelFormatException extends IOException {

    /** Says what was found. */
    public KernelFormatException(String message) {
        super(message);
    }
}
