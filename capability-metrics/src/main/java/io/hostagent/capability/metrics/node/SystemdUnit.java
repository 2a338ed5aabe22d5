// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A unit of systemd.
 *
 * @param name such as {@code ssh.service}
 * @param loaded whether there is such a unit, and not just another one that names it
 * @param state such as {@code active}
 * @param path where its properties are
 */
record SystemdUnit(String name, boolean loaded, String state, String path) {

    private static final int LOAD_STATE = 2;
    private static final int ACTIVE_STATE = 3;
    private static final int PATH = 6;

    /** Reads what {@code ListUnits} answers: an array of structures of ten values. */
    static List<SystemdUnit> listed(List<Object> answer) throws IOException {
        List<SystemdUnit> units = new ArrayList<>();
        if (answer.isEmpty() || !(answer.getFirst() instanceof List<?> list)) {
            throw new IOException("systemd lists no units");
        }
        for (Object item : list) {
            if (!(item instanceof List<?> unit) || unit.size() <= PATH) {
                throw new IOException("systemd lists something that is no unit");
            }
            units.add(
                    new SystemdUnit(
                            String.valueOf(unit.getFirst()),
                            "loaded".equals(unit.get(LOAD_STATE)),
                            String.valueOf(unit.get(ACTIVE_STATE)),
                            String.valueOf(unit.get(PATH))));
        }
        return units;
    }

    /** What kind of unit it is, as its name ends. */
    String kind() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
