// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;

/**
 * What the host's devices did, from {@code /proc/diskstats}; see the kernel's {@code
 * Documentation/admin-guide/iostats.rst}. Its times are milliseconds, and become seconds here; the
 * reference divides them as if they were nanoseconds.
 */
final class DiskStatistics {

    private static final double MILLISECONDS = 1e3;
    private static final double SECTOR_BYTES = 512;

    /** The eleven columns behind the name, and what one of their units is in the sample. */
    private static final Family[] COLUMNS = {
        DeviceFamilies.READS,
        DeviceFamilies.READS_MERGED,
        DeviceFamilies.SECTOR_READS,
        DeviceFamilies.READ_SECONDS,
        DeviceFamilies.WRITES,
        DeviceFamilies.WRITES_MERGED,
        DeviceFamilies.SECTOR_WRITES,
        DeviceFamilies.WRITE_SECONDS,
        DeviceFamilies.IO_CURRENT,
        DeviceFamilies.IO_SECONDS,
        DeviceFamilies.IO_WEIGHTED_SECONDS,
    };

    private DiskStatistics() {}

    /** Takes the devices of a file that was read, those on which file systems are mounted. */
    static void parse(KernelText text, MountedDevices mounted, Numbers numbers)
            throws KernelFormatException {
        while (text.line()) {
            if (!text.field()) {
                continue;
            }
            long major = text.number();
            text.field();
            long minor = text.number();
            text.field();
            for (MountedDevices.Mounted device : mounted.all()) {
                if (isOf(device, major, minor, text)) {
                    parseDevice(text, Labels.of("device", device.source()), numbers);
                    break;
                }
            }
        }
    }

    /** By its number, or by its name where a file system has a number of its own, as btrfs. */
    private static boolean isOf(
            MountedDevices.Mounted device, long major, long minor, KernelText text) {
        String source = device.source();
        return device.number().equals(major + ":" + minor)
                || text.is(source.substring("/dev/".length()));
    }

    private static void parseDevice(KernelText text, Labels labels, Numbers numbers)
            throws KernelFormatException {
        for (Family column : COLUMNS) {
            if (!text.field()) {
                throw new KernelFormatException("diskstats ends within a line");
            }
            double number = text.unsigned();
            boolean time = column.name().endsWith("_seconds_total");
            numbers.add(column, labels, time ? number / MILLISECONDS : number);
            if (column.equals(DeviceFamilies.SECTOR_READS)) {
                numbers.add(DeviceFamilies.READ_BYTES, labels, number * SECTOR_BYTES);
            } else if (column.equals(DeviceFamilies.SECTOR_WRITES)) {
                numbers.add(DeviceFamilies.WRITTEN_BYTES, labels, number * SECTOR_BYTES);
            }
        }
    }
}
