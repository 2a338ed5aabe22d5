// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.capability.CapabilityStatus;
import java.util.ArrayList;
import java.util.List;

/** The table that an operator sees after the start: what is on, what waits, and why. */
final class StartUpTable {

    private static final List<String> HEAD =
            List.of("CAPABILITY", "STATE", "WHY", "WHAT WOULD CHANGE IT");

    private StartUpTable() {}

    static String of(CapabilityRegistry capabilities) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (CapabilityDescriptor capability : capabilities.all()) {
            CapabilityStatus status = capabilities.status(capability);
            rows.add(
                    List.of(
                            capability.name(),
                            status.state(),
                            status.why(),
                            status.remedy().isEmpty() ? "-" : status.remedy()));
        }
        int[] width = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < width.length; i++) {
                width[i] = Math.max(width[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < width.length; i++) {
                line.append(row.get(i)).repeat(' ', width[i] - row.get(i).length() + 3);
            }
            table.append("\n  ").append(line.toString().stripTrailing());
        }
        return table.toString();
    }
}
