// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collection;
import java.util.List;

/** Names the nodes that an answer for all of them lacks, in a header of it. */
public final class MissingNodes {

    public static final String HEADER = PeerHeaders.UNREACHABLE;

    /** What a header may have without bothering anybody on its way, in characters. */
    private static final int LONGEST = 3_000;

    private MissingNodes() {}

    /** Adds the header, unless nothing is missing. */
    public static void addTo(HttpHeaders headers, Collection<String> names) {
        if (!names.isEmpty()) {
            headers.set(HEADER, text(names));
        }
    }

    /** {@code node3, node7}; of very many, the first ones {@code and 812 more}. */
    private static String text(Collection<String> names) {
        List<String> sorted =
                names.stream().map(MissingNodes::printable).sorted().distinct().toList();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sorted.size(); i++) {
            if (text.length() + sorted.get(i).length() > LONGEST) {
                return text.append(" and ").append(sorted.size() - i).append(" more").toString();
            }
            text.append(i == 0 ? "" : ", ").append(sorted.get(i));
        }
        return text.toString();
    }

    /** Names of hosts are harmless; what else somebody calls a node may not be. */
    private static String printable(String name) {
        return name.replaceAll("[^!-+\\--~]", "_");
    }
}
