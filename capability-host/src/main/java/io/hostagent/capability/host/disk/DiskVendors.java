// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.disk;

import io.hostagent.capability.host.pci.PciNames;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who made a disk. Where the kernel gives a number instead of a name, it is one of a PCI vendor: a
 * disk of a hypervisor has it itself, one on NVMe has that of its controller. A disk on an ATA port
 * says {@code ATA} for everybody, and has its maker's name in its model.
 */
final class DiskVendors {

    private static final String ANY_ATA_DISK = "ATA";

    private final PciNames names;

    private DiskVendors(PciNames names) {
        this.names = names;
    }

    /** Those of some devices, given by their folders. */
    static DiskVendors of(List<Path> devices) {
        return new DiskVendors(
                PciNames.lookUp(
                        List.of(),
                        devices.stream()
                                .map(DiskVendors::number)
                                .filter(Objects::nonNull)
                                .toList()));
    }

    @Nullable String vendor(Path device) {
        Integer number = number(device);
        if (number != null) {
            return names.vendor(number);
        }
        String vendor = KernelFile.text(device.resolve("device/vendor"));
        return ANY_ATA_DISK.equals(vendor) ? null : vendor;
    }

    private static @Nullable Integer number(Path device) {
        Integer own = KernelFile.hexadecimal(device.resolve("device/vendor"));
        return own == null ? KernelFile.hexadecimal(device.resolve("device/device/vendor")) : own;
    }
}
