// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.disk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block device that is no partition.
 *
 * @param name such as {@code sda}
 * @param kind what is behind it
 * @param bus on which it is: {@code ata}, {@code usb}, {@code virtio} and others; {@code null} when
 *     it is on none
 * @param vendor who made it; {@code null} when nobody tells
 * @param model what it is called; {@code null} when nobody tells
 * @param sizeBytes of what can be stored
 * @param rotational whether the kernel takes it for a turning disk
 * @param removable whether its medium can be taken out
 * @param readOnly whether it cannot be written
 * @param partitions that it is divided into
 * @param below the devices that it is built upon
 */
public record BlockDevice(
        String name,
        Kind kind,
        @Nullable String bus,
        @Nullable String vendor,
        @Nullable String model,
        long sizeBytes,
        boolean rotational,
        boolean removable,
        boolean readOnly,
        List<Partition> partitions,
        List<String> below) {

    /** What is behind a block device. */
    public enum Kind {
        /** A disk, or what a hypervisor shows as one. */
        DISK,
        /** A drive for CDs and their like. */
        OPTICAL,
        /** Made of other devices by {@code md}. */
        RAID,
        /** Made of other devices by the device mapper: LVM, encryption. */
        MAPPER,
        /** A file. */
        LOOP,
        /** Memory. */
        MEMORY,
        /** Anything else, such as the boot area of a card, or a disk of another host. */
        OTHER
    }

    /**
     * A part of a block device.
     *
     * @param name such as {@code sda1}
     * @param sizeBytes of what can be stored
     */
    public record Partition(String name, long sizeBytes) {}

    public BlockDevice {
        partitions = List.copyOf(partitions);
        below = List.copyOf(below);
    }

    /** Whether it is a thing of its own that holds something: a disk, or a drive with a medium. */
    public boolean isPhysical() {
        return (kind == Kind.DISK || kind == Kind.OPTICAL) && sizeBytes > 0;
    }
}
