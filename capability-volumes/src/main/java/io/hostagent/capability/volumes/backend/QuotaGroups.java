// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The quota groups of a btrfs file system; each subvolume has one of its own while quotas are on.
 *
 * <p>Quotas are the full ones, that count what a subvolume refers to. Simple ones would be cheaper,
 * but count each byte for the subvolume that wrote it: a volume that was restored or cloned would
 * begin as if it were empty, and its limit would hold nothing back.
 */
record QuotaGroups(Path pool, Tools tools) {

    private static final String NONE = "none";

    /** Columns of the table: group, referenced, exclusive, and the most that may be referenced. */
    private static final int COLUMNS = 4;

    /**
     * What a subvolume takes.
     *
     * @param referenced bytes
     * @param exclusive bytes that no other subvolume shares
     * @param limit of what is referenced; 0 when there is none
     */
    record Group(long referenced, long exclusive, long limit) {}

    /** That of a subvolume, as of the last commit; empty while quotas are off. */
    Optional<Group> of(Path tree) throws IOException {
        try {
            return tools.run(
                            Tool.BTRFS,
                            "qgroup",
                            "show",
                            "--raw",
                            "-r",
                            "-f",
                            "--",
                            tree.toString())
                    .lines()
                    .map(QuotaGroups::group)
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (ToolException e) {
            if (e.complaint().contains("not enabled")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<Group> group(String line) {
        List<String> fields = List.of(line.strip().split("\\s+"));
        if (fields.size() < COLUMNS || !fields.getFirst().startsWith("0/")) {
            return Optional.empty();
        }
        String limit = fields.get(3);
        return Optional.of(
                new Group(
                        Long.parseLong(fields.get(1)),
                        Long.parseLong(fields.get(2)),
                        limit.equals(NONE) ? 0 : Long.parseLong(limit)));
    }

    /** Turns quotas on, which makes btrfs count what there is; nothing happens when they are. */
    void enable() throws IOException {
        if (of(pool).isEmpty()) {
            // It knows no "--"; the pool begins with a slash.
            tools.run(Tool.BTRFS, "quota", "enable", pool.toString());
            tools.run(Tools.LONG, Tool.BTRFS, "quota", "rescan", "-w", "--", pool.toString());
        }
    }

    /** Limits what a subvolume may refer to; 0 lifts the limit. */
    void limit(Path tree, long bytes) throws IOException {
        if (bytes > 0 || of(tree).isPresent()) {
            tools.run(
                    Tool.BTRFS,
                    "qgroup",
                    "limit",
                    "--",
                    bytes > 0 ? Long.toString(bytes) : NONE,
                    tree.toString());
        }
    }

    /** Forgets the groups of subvolumes that are gone, as far as btrfs lets us. */
    void forgetStale() {
        try {
            tools.run(Tool.BTRFS, "qgroup", "clear-stale", pool.toString());
        } catch (IOException _) {
            // There are no quotas, or what was deleted is still being cleaned up. They cost little.
        }
    }
}
