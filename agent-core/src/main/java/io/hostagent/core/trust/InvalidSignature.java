// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

/**
 * A signature, or the key it comes with, that proves nothing. It has no stack trace, for strangers
 * can cause it at will.
 */
final class InvalidSignature extends Exception {

    private final String reason;

    InvalidSignature(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** What the caller is told. */
    String reason() {
        return reason;
    }
}
