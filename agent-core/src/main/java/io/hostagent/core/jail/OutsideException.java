// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import java.io.IOException;

/** A path leads out of its jail, or would if it were followed to its end. */
public final class OutsideException extends IOException {

    private static final long serialVersionUID = 1L;

    OutsideException(Errno errno) {
        super(
                errno == Errno.LOOP
                        ? "A link on the way goes round in a circle, or is one of the kernel's own"
                        : "A link or a mount on the way leads out of the folder");
    }

    @Override
    public Throwable fillInStackTrace() {
        // A caller may try this as often as it likes.
        return this;
    }
}
