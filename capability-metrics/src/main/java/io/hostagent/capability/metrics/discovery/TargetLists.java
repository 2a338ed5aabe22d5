// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hostagent.core.error.CallerException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The lists of several agents, to be one. They are put together as they are: agents know one
 * another, and each wrote its own with the same code. Not thread-safe.
 */
final class TargetLists {

    /** What all lists together may have in bytes; a target has about one and a half thousand. */
    private static final long LIMIT = 64L << 20;

    private static final byte[] BEGIN = "[".getBytes(US_ASCII);
    private static final byte[] NEXT = ",".getBytes(US_ASCII);
    private static final byte[] END = "]".getBytes(US_ASCII);

    private final List<byte[]> lists = new ArrayList<>();
    private final List<String> missing;
    private long bytes;

    /**
     * Begins with none.
     *
     * @param missing names of nodes that have no list
     */
    TargetLists(Collection<String> missing) {
        this.missing = new ArrayList<>(missing);
    }

    /**
     * Adds the list of a node.
     *
     * @param list a JSON array; anything else is none, and the node is named among the missing
     * @throws CallerException when all of them are too long for one answer
     */
    void add(String node, byte[] list) {
        if (list.length < 2 || list[0] != '[' || list[list.length - 1] != ']') {
            missing.add(node);
            return;
        }
        bytes += list.length;
        if (bytes > LIMIT) {
            throw CallerException.badRequest(
                    "The list of all containers is too long",
                    "It has more than 64 MiB: ask for the nodes one by one, each by its name in"
                            + " X-PortainerAgent-Target");
        }
        lists.add(list);
    }

    List<String> missing() {
        return List.copyOf(missing);
    }

    /** All of them as one array; nothing is copied. */
    ByteBuf body() {
        List<ByteBuf> parts = new ArrayList<>();
        parts.add(Unpooled.wrappedBuffer(BEGIN));
        for (byte[] list : lists) {
            if (list.length > 2) {
                if (parts.size() > 1) {
                    parts.add(Unpooled.wrappedBuffer(NEXT));
                }
                parts.add(Unpooled.wrappedBuffer(list, 1, list.length - 2));
            }
        }
        parts.add(Unpooled.wrappedBuffer(END));
        return Unpooled.wrappedBuffer(parts.size(), parts.toArray(ByteBuf[]::new));
    }
}
