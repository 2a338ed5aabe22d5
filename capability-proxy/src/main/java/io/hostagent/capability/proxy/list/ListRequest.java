// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a merged list is made of.
 *
 * @param nodes whose lists it has, one after the other, by name
 * @param absent names of nodes that should be in it and cannot be asked
 * @param failed told of each node that was asked in vain, on an event loop; it must not block. Of a
 *     list that several clients share it is told once
 */
public record ListRequest(
        ListShape shape,
        List<ListedNode> nodes,
        List<String> absent,
        Consumer<NodeFailure> failed) {

    public ListRequest {
        nodes = nodes.stream().sorted(Comparator.comparing(ListedNode::nodeName)).toList();
        absent = List.copyOf(absent);
    }
}
