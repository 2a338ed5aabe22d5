// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The mounts of one namespace, and which of them is mounted on which. A host with many containers
 * has thousands, of which few are looked at, so that most lines are not taken apart.
 */
final class MountTable {

    private final List<String> lines;

    MountTable(String mountinfo) {
        lines = mountinfo.lines().toList();
    }

    /**
     * A mount and what is around it.
     *
     * @param parent what it is mounted on; empty when that cannot be seen
     * @param carries whether another mount is below it
     */
    record Node(Mount mount, Optional<Mount> parent, boolean carries) {

        /** The folder that it is mounted on, within the file system which has that. */
        Optional<String> spot() {
            return parent.filter(under -> mount.point().startsWith(under.point()))
                    .map(
                            under ->
                                    below(under.root())
                                            + mount.point()
                                                    .substring(below(under.point()).length()));
        }

        private static String below(String folder) {
            return folder.equals("/") ? "" : folder;
        }
    }

    /** Those of some file systems. */
    List<Node> on(Set<String> devices) {
        List<Node> nodes = new ArrayList<>();
        for (String line : lines) {
            if (devices.contains(field(line, 2))) {
                parse(line).map(mount -> node(line, mount)).ifPresent(nodes::add);
            }
        }
        return nodes;
    }

    private Node node(String line, Mount mount) {
        String number = field(line, 0);
        String under = field(line, 1);
        Optional<Mount> parent =
                lines.stream()
                        .filter(other -> field(other, 0).equals(under))
                        .findFirst()
                        .flatMap(MountTable::parse);
        // What hides all of it is in nobody's way: it takes its place when that goes.
        boolean carries =
                lines.stream()
                        .filter(other -> field(other, 1).equals(number))
                        .flatMap(other -> parse(other).stream())
                        .anyMatch(child -> !child.point().equals(mount.point()));
        return new Node(mount, parent, carries);
    }

    private static Optional<Mount> parse(String line) {
        return Mount.parse(line).stream().findFirst();
    }

    /** One of the first fields of a line, which are numbers; empty when it has none. */
    private static String field(String line, int index) {
        int begin = 0;
        for (int i = 0; i < index; i++) {
            begin = line.indexOf(' ', begin) + 1;
            if (begin == 0) {
                return "";
            }
        }
        int end = line.indexOf(' ', begin);
        return end < 0 ? "" : line.substring(begin, end);
    }
}
