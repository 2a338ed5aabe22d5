// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

/** The server says that it is not the one for this request (421, RFC 9110 §15.5.20). */
public final class UpstreamMisdirectedException extends RuntimeException {

    UpstreamMisdirectedException(String name) {
        super(name + " is not the one that was meant");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
