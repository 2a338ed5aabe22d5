// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

/** The lab could not do what a test asked of it; the message says why. */
public final class LabException extends RuntimeException {

    LabException(String message) {
        super(message);
    }

    LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
