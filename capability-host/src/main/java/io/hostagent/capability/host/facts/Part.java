// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.capability.Need.Absence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of what is known about the host, as it becomes JSON: values, and what is absent and why.
 * What the host simply does not have, such as the model of a loop device, is neither.
 */
final class Part {

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<Map<String, Object>> absent = new ArrayList<>();

    /** Adds a value that JSON has, or leaves it out when it is {@code null}. */
    Part with(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value);
        }
        return this;
    }

    /**
     * Adds a value, or that it is absent when it is {@code null}.
     *
     * @param why it is, if it is
     * @param remedy what would change that; empty when nothing would
     */
    Part with(String name, @Nullable Object value, String why, String remedy) {
        return value == null ? without(name, why, remedy) : with(name, value);
    }

    /** Adds that something is absent. */
    Part without(String what, String why, String remedy) {
        Map<String, Object> absence = new LinkedHashMap<>();
        absence.put("what", what);
        absence.put("why", why);
        absence.put("remedy", remedy);
        absent.add(absence);
        return this;
    }

    /** Adds that something is absent for lack of a need. */
    Part without(String what, Absence absence) {
        return without(what, absence.why(), absence.remedy());
    }

    /** The values alone, for what is a part of a part. */
    Map<String, Object> values() {
        return values;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(values);
        json.put("absent", List.copyOf(absent));
        return json;
    }
}
