// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.proxy.list.NodeFailure.Kind;
import io.hostagent.core.error.ApiError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is answered when no node has a list: the engines' own error if all that answered gave the
 * same, and else what each node has to say.
 *
 * @param json whether the body is JSON, or else plain text
 * @param missing nodes that this error does not come from
 */
record NoList(int status, String body, boolean json, List<String> missing) {

    /** Of one reason, in characters. */
    private static final int LONGEST_REASON = 300;

    /** Of all of them. */
    private static final int LONGEST = 4_000;

    /**
     * Makes the answer.
     *
     * @param nodes that were asked in vain
     * @param absent names of nodes that were not asked
     */
    static NoList of(List<NodeAnswer> nodes, List<String> absent) {
        List<Refusal> refusals =
                nodes.stream().map(NodeAnswer::refusal).filter(Objects::nonNull).toList();
        if (!refusals.isEmpty() && refusals.stream().allMatch(refusals.getFirst()::sameAs)) {
            Refusal refusal = refusals.getFirst();
            List<String> missing = new ArrayList<>(absent);
            nodes.stream()
                    .filter(node -> node.refusal() == null)
                    .map(NodeAnswer::nodeName)
                    .forEach(missing::add);
            return new NoList(refusal.status(), refusal.body(), refusal.json(), missing);
        }
        List<NodeFailure> failures = nodes.stream().map(NodeAnswer::failure).toList();
        boolean nobodyThere = failures.stream().allMatch(f -> f.kind() == Kind.UNREACHABLE);
        List<String> missing = new ArrayList<>(absent);
        failures.forEach(failure -> missing.add(failure.nodeName()));
        ApiError error =
                new ApiError(
                        nobodyThere
                                ? "No node of the cluster could be asked"
                                : "No node of the cluster gave its list",
                        details(failures, absent));
        return new NoList(nobodyThere ? 503 : 502, new String(error.json(), UTF_8), true, missing);
    }

    /** {@code node1, node3: 500 no space left; node2: does not answer}. */
    private static String details(List<NodeFailure> failures, List<String> absent) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (NodeFailure failure : failures) {
            names.computeIfAbsent(shortened(failure.why()), why -> new ArrayList<>())
                    .add(failure.nodeName());
        }
        if (!absent.isEmpty()) {
            names.computeIfAbsent("not in reach", why -> new ArrayList<>()).addAll(absent);
        }
        List<String> parts = new ArrayList<>();
        names.forEach((why, nodes) -> parts.add(String.join(", ", nodes) + ": " + why));
        String all = String.join("; ", parts);
        return all.length() > LONGEST ? all.substring(0, LONGEST) + "..." : all;
    }

    private static String shortened(String why) {
        return why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) + "..." : why;
    }
}
