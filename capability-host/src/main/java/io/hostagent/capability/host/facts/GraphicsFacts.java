// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.capability.host.pci.PciBus;
import io.hostagent.capability.host.pci.PciDevice;
import io.hostagent.capability.host.pci.PciNames;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Graphics cards, and those that only calculate: the display controllers of the PCI bus. */
final class GraphicsFacts {

    private GraphicsFacts() {}

    static Part read(HostFiles files) throws IOException {
        PciBus bus = new PciBus(files.sys());
        List<PciDevice> cards = bus.devices().stream().filter(PciDevice::isGraphics).toList();
        PciNames names = PciNames.lookUp(cards.stream().map(PciDevice::id).toList(), List.of());
        Path nvidia = files.proc().resolve("driver/nvidia");
        return new Part()
                .with("items", cards.stream().map(card -> item(card, bus, names, nvidia)).toList())
                .with("nvidiaDriver", nvidiaVersion(KernelFile.text(nvidia.resolve("version"))));
    }

    private static Map<String, Object> item(
            PciDevice card, PciBus bus, PciNames names, Path nvidia) {
        Path folder = bus.folder(card);
        return new Part()
                .with("address", card.address())
                .with("vendor", names.vendor(card.id().vendor()))
                .with("name", names.device(card.id()))
                .with("driver", card.driver())
                // What NVIDIA's own driver calls it is newer than any list.
                .with(
                        "model",
                        model(
                                KernelFile.text(
                                        nvidia.resolve("gpus")
                                                .resolve(card.address())
                                                .resolve("information"))))
                // The amdgpu driver is the one that has a file for this.
                .with("memoryBytes", KernelFile.number(folder.resolve("mem_info_vram_total")))
                .values();
    }

    /** In {@code Model: NVIDIA A100-SXM4-40GB}. */
    static @Nullable String model(@Nullable String information) {
        return information == null
                ? null
                : information
                        .lines()
                        .filter(line -> line.startsWith("Model:"))
                        .map(line -> line.substring("Model:".length()).strip())
                        .findFirst()
                        .orElse(null);
    }

    /**
     * The first number with dots in {@code NVRM version: NVIDIA UNIX … Kernel Module 550.54.15}.
     */
    static @Nullable String nvidiaVersion(@Nullable String version) {
        return version == null
                ? null
                : version.lines()
                        .filter(line -> line.startsWith("NVRM version:"))
                        .flatMap(line -> List.of(line.split("\\s+", -1)).stream())
                        .filter(word -> word.matches("\\d+(\\.\\d+)+"))
                        .findFirst()
                        .orElse(null);
    }
}
