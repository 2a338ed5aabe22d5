// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * Bytes of a list that wait for their turn, in pages of direct memory. They are copied: a few bytes
 * may keep a large read buffer alive, which nobody counts.
 */
final class HeldPages {

    /** Two records of TLS, and enough at once for a write to the kernel. */
    static final int PAGE = 32 * 1024;

    private final ArrayDeque<ByteBuf> pages = new ArrayDeque<>(4);
    private int bytes;

    void write(byte[] source, int from, int to) {
        int at = from;
        while (at < to) {
            ByteBuf last = pages.peekLast();
            if (last == null || !last.isWritable()) {
                last = ByteBufAllocator.DEFAULT.directBuffer(PAGE, PAGE);
                pages.addLast(last);
            }
            int count = Math.min(to - at, last.writableBytes());
            last.writeBytes(source, at, count);
            at += count;
        }
        bytes += to - from;
    }

    /** What waits, in bytes. */
    int bytes() {
        return bytes;
    }

    /** What it takes in memory, in bytes. */
    int capacity() {
        return pages.size() * PAGE;
    }

    boolean isEmpty() {
        return pages.isEmpty();
    }

    /** The first page, which is the caller's from now on; there must be one. */
    ByteBuf take() {
        ByteBuf page = pages.removeFirst();
        bytes -= page.readableBytes();
        return page;
    }

    void release() {
        pages.forEach(ByteBuf::release);
        pages.clear();
        bytes = 0;
    }
}
