// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/** A node sent something else than the list it was asked for; the message says what. */
final class BadListException extends RuntimeException {

    BadListException(String message) {
        super(message);
    }

    /** Holds a node to sending JSON. */
    static void unless(boolean json) {
        if (!json) {
            throw new BadListException("it sent no JSON");
        }
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
