// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.core.host.Mount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of a process that have a type one wants to hear about, from {@code mountinfo}. A host
 * with many containers has hundreds of other mounts, so the type of a line is looked at before a
 * text is made of anything else in it.
 */
final class MountTable {

    /** More types than a kernel knows. */
    private static final int MOST_TYPES = 256;

    private record Verdict(String type, boolean taken) {}

    private final NameFilter types;
    private final List<Verdict> verdicts = new ArrayList<>();

    MountTable(NameFilter types) {
        this.types = types;
    }

    /** By mount point; where several are mounted at one, the last hides the others. */
    Map<String, Mount> read(KernelText mountinfo) {
        Map<String, Mount> mounts = new LinkedHashMap<>();
        while (mountinfo.line()) {
            Mount mount = mount(mountinfo);
            if (mount != null) {
                mounts.remove(mount.point());
                mounts.put(mount.point(), mount);
            }
        }
        return mounts;
    }

    /** Such as {@code 36 35 98:0 /folder /point rw,noatime shared:1 - ext3 /dev/root rw,errors}. */
    private @Nullable Mount mount(KernelText line) {
        if (!line.skip(6)) {
            return null;
        }
        while (line.field() && !line.is("-")) {
            // Optional fields tell how mounts spread.
        }
        if (!line.field() || !isTaken(line)) {
            return null;
        }
        String type = line.text();
        String source = line.field() ? Mount.unescape(line.text()) : "";
        boolean readOnlyFileSystem = line.field() && Mount.isReadOnly(line.text());
        line.again();
        line.skip(3);
        String device = line.text();
        line.field();
        String root = Mount.unescape(line.text());
        line.field();
        String point = Mount.unescape(line.text());
        line.field();
        boolean readOnly = readOnlyFileSystem || Mount.isReadOnly(line.text());
        return new Mount(device, root, point, readOnly, type, source);
    }

    private boolean isTaken(KernelText type) {
        for (int i = 0; i < verdicts.size(); i++) {
            Verdict verdict = verdicts.get(i);
            if (type.is(verdict.type())) {
                return verdict.taken();
            }
        }
        Verdict verdict = new Verdict(type.text(), types.takes(type.text()));
        if (verdicts.size() < MOST_TYPES) {
            verdicts.add(verdict);
        }
        return verdict.taken();
    }
}
