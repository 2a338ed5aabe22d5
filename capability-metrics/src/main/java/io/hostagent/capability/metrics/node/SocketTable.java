// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;

/**
 * The sockets that {@code tcp}, {@code tcp6}, {@code udp} or {@code udp6} of {@code /proc/PID/net}
 * list below a headline, one on a line: number, own and other address, state, queues and more, all
 * in base 16.
 */
final class SocketTable {

    private static final int BEFORE_STATE = 3;

    private final KernelText text;
    private int state;
    private long transmitQueue;
    private long receiveQueue;

    /** That of a file that was just read. */
    SocketTable(KernelText text) {
        this.text = text;
        text.line();
    }

    /** Goes to the next socket; {@code false} when there is none. */
    boolean next() throws KernelFormatException {
        if (!text.line()) {
            return false;
        }
        if (!text.skip(BEFORE_STATE) || !text.field()) {
            throw new KernelFormatException("a socket without a state");
        }
        state = (int) text.hexadecimal();
        text.field();
        String queues = text.text();
        int colon = queues.indexOf(':');
        try {
            transmitQueue = Long.parseUnsignedLong(queues, 0, Math.max(colon, 0), 16);
            receiveQueue = Long.parseUnsignedLong(queues, colon + 1, queues.length(), 16);
        } catch (NumberFormatException e) {
            throw new KernelFormatException("'" + queues + "' are no queues of a socket");
        }
        return true;
    }

    /** As {@code enum} in the kernel's {@code tcp_states.h} numbers it. */
    int state() {
        return state;
    }

    /** Bytes that wait to be sent. */
    long transmitQueue() {
        return transmitQueue;
    }

    /** Bytes that wait to be read; connections that do, when it listens. */
    long receiveQueue() {
        return receiveQueue;
    }
}
