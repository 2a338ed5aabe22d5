// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The cluster as one agent saw it at one moment.
 *
 * @param members agents that answer, this one included, by node name; one for each node
 * @param absent agents that should be there and do not answer, by name
 */
public record ClusterView(List<Member> members, List<Absent> absent) {

    public ClusterView {
        members =
                members.stream()
                        .sorted(
                                Comparator.comparing(Member::nodeName)
                                        .thenComparing(member -> member.identity().nodeId()))
                        .toList();
        absent = absent.stream().sorted(Comparator.comparing(Absent::name)).toList();
    }

    /** This agent; empty while its engine was never seen. */
    public Optional<Member> self() {
        return members.stream().filter(Member::self).findFirst();
    }

    /** The agent on a node. */
    public Optional<Member> node(String nodeName) {
        return members.stream().filter(member -> member.nodeName().equals(nodeName)).findFirst();
    }

    /** An agent on a manager: this one if it is, else the first by name. */
    public Optional<Member> manager() {
        return members.stream()
                .filter(Member::manager)
                .min(Comparator.comparing((Member member) -> !member.self()));
    }

    /** The same without a member, which is absent now. */
    ClusterView without(Member gone, String why) {
        List<Absent> missing = new ArrayList<>(absent);
        missing.add(new Absent(gone.nodeName(), gone.address(), why));
        return new ClusterView(
                members.stream().filter(member -> !member.equals(gone)).toList(), missing);
    }
}
