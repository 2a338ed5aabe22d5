// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

/**
 * When TCP asks after the other end of a connection. One whose host vanished says no goodbye, and a
 * quiet stream ({@code events}, an exec) may last for ever; with these it is given up a minute and
 * a half after its last sign of life.
 */
public final class TcpKeepAlive {

    /** Silence before the first question. */
    public static final int IDLE_SECONDS = 30;

    public static final int INTERVAL_SECONDS = 10;

    /** Questions without an answer after which the connection is given up. */
    public static final int PROBES = 6;

    private TcpKeepAlive() {}
}
