// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.capability.host.disk.BlockDevice;
import io.hostagent.capability.host.disk.BlockDevice.Kind;
import io.hostagent.capability.host.disk.BlockDevice.Partition;
import io.hostagent.capability.host.disk.BlockDevices;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Disks, and what is built upon them; loop devices that hold nothing are left out. */
final class BlockDeviceFacts {

    private BlockDeviceFacts() {}

    static Part read(HostFiles files) {
        List<BlockDevice> devices;
        try {
            devices = new BlockDevices(files.sys()).all();
        } catch (IOException e) {
            return new Part().without("items", "/sys/block cannot be read", "mount /sys");
        }
        return new Part()
                .with(
                        "items",
                        devices.stream()
                                .filter(device -> device.sizeBytes() > 0)
                                .map(BlockDeviceFacts::json)
                                .toList());
    }

    private static Map<String, Object> json(BlockDevice device) {
        boolean disk = device.kind() == Kind.DISK;
        return new Part()
                .with("name", device.name())
                .with("kind", device.kind().name().toLowerCase(Locale.ROOT))
                .with("bus", device.bus())
                .with("vendor", device.vendor())
                .with("model", device.model())
                .with("sizeBytes", device.sizeBytes())
                .with("rotational", disk ? device.rotational() : null)
                .with("removable", device.removable())
                .with("readOnly", device.readOnly())
                .with(
                        "partitions",
                        device.partitions().stream().map(BlockDeviceFacts::json).toList())
                .with("builtUpon", device.below())
                .values();
    }

    private static Map<String, Object> json(Partition partition) {
        return new Part()
                .with("name", partition.name())
                .with("sizeBytes", partition.sizeBytes())
                .values();
    }
}
