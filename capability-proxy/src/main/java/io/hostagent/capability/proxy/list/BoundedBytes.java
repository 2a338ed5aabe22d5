// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import java.util.Arrays;

/** A few bytes that are collected up to a limit. */
final class BoundedBytes {

    private static final int FIRST_CAPACITY = 64;

    private final int limit;
    private byte[] bytes = new byte[0];
    private int size;

    BoundedBytes(int limit) {
        this.limit = limit;
    }

    /**
     * Adds some bytes.
     *
     * @return {@code false} when they do not fit, and then nothing of them was added
     */
    boolean append(byte[] source, int from, int to) {
        int wanted = size + to - from;
        if (wanted > limit) {
            return false;
        }
        if (wanted > bytes.length) {
            int capacity = Math.max(FIRST_CAPACITY, Math.max(wanted, 2 * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.min(limit, capacity));
        }
        System.arraycopy(source, from, bytes, size, to - from);
        size = wanted;
        return true;
    }

    int size() {
        return size;
    }

    /** Forgets what was added after there were so many. */
    void cut(int length) {
        size = length;
    }

    /** The bytes up to {@link #size}, and maybe some rubbish behind them. */
    byte[] array() {
        return bytes;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }
}
