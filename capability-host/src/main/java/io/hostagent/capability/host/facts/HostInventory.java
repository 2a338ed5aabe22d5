// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.capability.host.disk.BlockDevice;
import io.hostagent.capability.host.disk.BlockDevices;
import io.hostagent.capability.host.pci.PciBus;
import io.hostagent.capability.host.pci.PciDevice;
import io.hostagent.capability.host.pci.PciNames;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * PCI devices and disks as a Portainer server shows them, in the words of its own agent. The server
 * takes an empty list for none and anything else for a failure. It needs no mount: sysfs has the
 * same of both in every container.
 */
public final class HostInventory {

    private static final Logger log = LoggerFactory.getLogger(HostInventory.class);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PCI = Duration.ofMinutes(10);
    private static final Duration DISKS = Duration.ofMinutes(1);

    /** What the original says of a disk that does not tell. */
    private static final String UNKNOWN = "unknown";

    private final Blocking blocking;
    private final HostRoot hostRoot;
    private final SharedRead<List<Map<String, String>>> pci;
    private final SharedRead<List<Map<String, Object>>> disks;

    /** Prepares to read; nothing is read before somebody asks. */
    public HostInventory(Blocking blocking, HostRoot hostRoot) {
        this.blocking = blocking;
        this.hostRoot = hostRoot;
        pci = new SharedRead<>(blocking, LIMIT, PCI, HostInventory::pciDevices);
        disks = new SharedRead<>(blocking, LIMIT, DISKS, HostInventory::physicalDisks);
    }

    /**
     * {@code PCIDevices} and {@code PhysicalDisks}, with sizes in bytes. When the PCI devices
     * cannot be read there are none of them; when the disks cannot, it fails with an {@link
     * IOException}.
     */
    public Mono<Map<String, Object>> read() {
        return blocking.call(LIMIT, () -> HostFiles.of(hostRoot))
                .flatMap(
                        files ->
                                Mono.zip(
                                        pci.of(files).onErrorResume(HostInventory::withoutPci),
                                        disks.of(files),
                                        HostInventory::join));
    }

    private static Mono<List<Map<String, String>>> withoutPci(Throwable failure) {
        log.warn("The PCI devices of the host cannot be read", failure);
        return Mono.just(List.of());
    }

    private static Map<String, Object> join(
            List<Map<String, String>> pci, List<Map<String, Object>> disks) {
        Map<String, Object> inventory = new LinkedHashMap<>();
        inventory.put("PCIDevices", pci);
        inventory.put("PhysicalDisks", disks);
        return inventory;
    }

    private static List<Map<String, String>> pciDevices(HostFiles files) throws IOException {
        List<PciDevice> devices = new PciBus(files.sys()).devices();
        PciNames names = PciNames.lookUp(devices.stream().map(PciDevice::id).toList(), List.of());
        return devices.stream()
                .map(
                        device -> {
                            Map<String, String> named = new LinkedHashMap<>();
                            named.put("Vendor", names.vendor(device.id().vendor()));
                            named.put("Name", names.device(device.id()));
                            return named;
                        })
                .toList();
    }

    private static List<Map<String, Object>> physicalDisks(HostFiles files) throws IOException {
        return new BlockDevices(files.sys())
                .all().stream()
                        .filter(BlockDevice::isPhysical)
                        .map(
                                disk -> {
                                    Map<String, Object> named = new LinkedHashMap<>();
                                    named.put("Vendor", vendor(disk));
                                    named.put("Size", disk.sizeBytes());
                                    return named;
                                })
                        .toList();
    }

    /** The vendor, or the model, which often begins with it. */
    private static String vendor(BlockDevice disk) {
        return disk.vendor() != null
                ? disk.vendor()
                : Objects.requireNonNullElse(disk.model(), UNKNOWN);
    }
}
