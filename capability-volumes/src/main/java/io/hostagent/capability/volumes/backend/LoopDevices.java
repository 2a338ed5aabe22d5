// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.core.kernel.BlockDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The devices that make a file a disk. One is let go as soon as it is mounted: it lives as long as
 * a mount of it does, in whatever namespace, and nobody has to give it back.
 */
record LoopDevices(Tools tools) {

    /** The devices of a file, by whatever path they were made. */
    List<String> of(Path image) throws IOException {
        if (!Files.exists(image)) {
            return List.of();
        }
        return tools.run(
                        Tool.LOSETUP,
                        "--associated",
                        image.toString(),
                        "--noheadings",
                        "--output",
                        "NAME")
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Whether a file system in a file is mounted somewhere. */
    boolean isHeld(Path image) throws IOException {
        return !held(image).isEmpty();
    }

    /** The devices of a file that are mounted somewhere. */
    List<String> held(Path image) throws IOException {
        List<String> held = new ArrayList<>();
        for (String device : of(image)) {
            if (BlockDevice.isHeld(device)) {
                held.add(device);
            }
        }
        return held;
    }

    /**
     * Makes a device of a file that has none; what a crash left is given back first.
     *
     * @throws BusyVolumeException when the file is mounted already: through two devices at once it
     *     would be destroyed
     */
    String make(Path image, boolean readOnly) throws IOException {
        refuseHeld(image);
        for (String left : of(image)) {
            release(left);
        }
        return tools.run(
                        Tool.LOSETUP,
                        "--find",
                        "--show",
                        readOnly ? "--read-only" : "--direct-io=on",
                        "--",
                        image.toString())
                .strip();
    }

    void refuseHeld(Path image) throws IOException {
        if (isHeld(image)) {
            throw new BusyVolumeException(
                    image
                            + " is mounted already, by a container that has had it since before"
                            + " the plugin was started, or that was given a folder above it:"
                            + " stop those");
        }
    }

    /** Lets a device go with its last mount, or at once when it has none. */
    void release(String device) throws IOException {
        tools.run(Tool.LOSETUP, "--detach", device);
    }

    /** Tells the device of a mounted file that the file has grown. */
    String grow(Path image) throws IOException {
        List<String> devices = of(image);
        if (devices.size() != 1) {
            throw new IOException(image + " is not mounted through one device: " + devices);
        }
        tools.run(Tool.LOSETUP, "--set-capacity", devices.getFirst());
        return devices.getFirst();
    }
}
