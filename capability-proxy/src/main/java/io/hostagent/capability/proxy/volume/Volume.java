// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.volume;

import io.hostagent.core.json.JsonTree;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A volume as the engine describes it.
 *
 * @param driver that made it
 * @param mountpoint where it is on the host; empty when its driver does not tell
 * @param mountedOnUse whether the folder there is empty while no container uses it
 */
record Volume(String driver, String mountpoint, boolean mountedOnUse) {

    /** Reads the answer to {@code GET /volumes/NAME}. */
    static Volume read(String inspect) {
        @Nullable Object volume = JsonTree.read(inspect);
        // The options of mount(8), which the local driver takes.
        boolean mounts =
                JsonTree.text(volume, "Options", "device") != null
                        || JsonTree.text(volume, "Options", "type") != null;
        String driver = Objects.requireNonNullElse(JsonTree.text(volume, "Driver"), "");
        return new Volume(
                driver,
                Objects.requireNonNullElse(JsonTree.text(volume, "Mountpoint"), ""),
                mounts && driver.equals("local"));
    }

    /** The folder that this volume and others of its kind are in. */
    String folder() {
        Path path = Path.of(mountpoint);
        Path own = path.endsWith("_data") ? path.getParent() : path;
        Path all = own == null ? null : own.getParent();
        return all == null ? mountpoint : all.toString();
    }
}
