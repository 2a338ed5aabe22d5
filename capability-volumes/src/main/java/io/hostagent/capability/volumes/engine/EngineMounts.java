// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.core.json.JsonTree;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the engine's list tells of a container's volumes. */
final class EngineMounts {

    private EngineMounts() {}

    /** The volumes that it has, of whatever driver. */
    static Set<String> names(@Nullable Object container) {
        return names(container, "");
    }

    /**
     * The volumes that it has of a driver.
     *
     * @param driver empty: any
     */
    static Set<String> names(@Nullable Object container, String driver) {
        Set<String> names = new LinkedHashSet<>();
        for (Object mount : JsonTree.list(container, "Mounts")) {
            String name = EngineApi.text(mount, "Name");
            if (EngineApi.text(mount, "Type").equals("volume")
                    && !name.isEmpty()
                    && (driver.isEmpty() || isDriver(EngineApi.text(mount, "Driver"), driver))) {
                names.add(name);
            }
        }
        return names;
    }

    /** A managed plugin has a tag. */
    static boolean isDriver(String given, String driver) {
        return given.equals(driver) || given.equals(driver + ":latest");
    }

    /** Its name; the others in the list are those that links give it. */
    static String nameOf(@Nullable Object container) {
        for (Object name : JsonTree.list(container, "Names")) {
            if (name instanceof String text && text.lastIndexOf('/') == 0) {
                return text.substring(1);
            }
        }
        return "";
    }
}
