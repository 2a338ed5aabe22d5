// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

/** An upstream server was reached but did not answer as a server should. */
public final class UpstreamFailedException extends RuntimeException {

    UpstreamFailedException(String upstream, Throwable cause) {
        super(upstream + " " + cause.getMessage(), cause);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
