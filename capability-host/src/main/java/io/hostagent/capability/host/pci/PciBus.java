// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.pci;

import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The devices of {@code /sys/bus/pci/devices}, which are the same in every container. */
public final class PciBus {

    private final Path folder;

    /**
     * A bus.
     *
     * @param sys where sysfs is
     */
    public PciBus(Path sys) {
        folder = sys.resolve("bus/pci/devices");
    }

    /** Where the files of a device are. */
    public Path folder(PciDevice device) {
        return folder.resolve(device.address());
    }

    /**
     * All devices by address; none where there is no such bus, as on many a small board.
     *
     * @throws IOException when there is one and it cannot be read
     */
    public List<PciDevice> devices() throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        List<PciDevice> devices = new ArrayList<>();
        for (Path device : KernelFile.list(folder)) {
            Integer vendor = KernelFile.hexadecimal(device.resolve("vendor"));
            Integer product = KernelFile.hexadecimal(device.resolve("device"));
            Integer type = KernelFile.hexadecimal(device.resolve("class"));
            if (vendor != null && product != null) {
                devices.add(
                        new PciDevice(
                                KernelFile.name(device),
                                new PciId(vendor, product),
                                type == null ? 0 : type,
                                KernelFile.linked(device.resolve("driver"))));
            }
        }
        return devices;
    }
}
