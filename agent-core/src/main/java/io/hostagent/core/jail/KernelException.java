// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import java.io.IOException;

/** The kernel refused a call on a file. */
public final class KernelException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Errno errno;

    KernelException(String call, int number) {
        super(Errno.of(number).text() + " (" + call + ", error " + number + ")");
        this.errno = Errno.of(number);
    }

    KernelException(Errno errno) {
        super(errno.text());
        this.errno = errno;
    }

    /** The same, where Java tells the kernel's reason by a text only; else the failure itself. */
    public static IOException of(IOException failure) {
        for (Errno errno : Errno.values()) {
            if (errno != Errno.OTHER && errno.text().equals(failure.getMessage())) {
                return new KernelException(errno);
            }
        }
        return failure;
    }

    /** Why. */
    public Errno errno() {
        return errno;
    }

    @Override
    public Throwable fillInStackTrace() {
        // A caller may ask for files that are not there as often as it likes.
        return this;
    }
}
