// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import java.nio.ByteBuffer;

/**
 * Takes apart the stream of a process without a terminal, in which an engine puts eight bytes in
 * front of each piece of output: which stream it is of, three zeros, and its length. A stream that
 * breaks this form is passed on as it is from there on, so that nothing of it is lost.
 */
final class Demultiplexer {

    /** Gets the pieces. */
    interface Receiver {

        /** A piece of standard error, or of standard output and whatever else there may be. */
        void piece(boolean error, ByteBuffer bytes);
    }

    private static final int HEADER = 8;
    private static final int ERROR = 2;
    private static final int LAST_KNOWN = 3;

    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private long left;
    private boolean error;
    private boolean broken;

    /** Takes some bytes of the stream, up to their end. */
    void read(ByteBuffer bytes, Receiver receiver) {
        while (bytes.hasRemaining()) {
            if (broken) {
                receiver.piece(false, bytes.slice());
                return;
            }
            if (left == 0) {
                readHeader(bytes, receiver);
            } else {
                int count = (int) Math.min(left, bytes.remaining());
                receiver.piece(error, bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
                left -= count;
            }
        }
    }

    private void readHeader(ByteBuffer bytes, Receiver receiver) {
        header.put(bytes.get());
        boolean wrong =
                header.position() == 1
                        ? header.get(0) < 0 || header.get(0) > LAST_KNOWN
                        : header.position() <= 4 && header.get(header.position() - 1) != 0;
        if (wrong) {
            broken = true;
            receiver.piece(false, header.flip());
        } else if (!header.hasRemaining()) {
            error = header.get(0) == ERROR;
            left = Integer.toUnsignedLong(header.getInt(4));
            header.clear();
        }
    }
}
