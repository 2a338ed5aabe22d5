// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine as its firmware describes it, from {@code /sys/class/dmi/id}. Serial numbers and
 * UUIDs are left out: they identify the machine wherever it is.
 */
final class HardwareFacts {

    private HardwareFacts() {}

    static Part read(HostFiles files) {
        Path dmi = files.sys().resolve("class/dmi/id");
        String vendor = KernelFile.text(dmi.resolve("sys_vendor"));
        String product = KernelFile.text(dmi.resolve("product_name"));
        return new Part()
                .with(
                        "vendor",
                        vendor,
                        "the firmware does not describe the machine (there is no DMI)",
                        "")
                .with("product", product)
                .with("board", KernelFile.text(dmi.resolve("board_name")))
                .with("firmwareVendor", KernelFile.text(dmi.resolve("bios_vendor")))
                .with("firmwareVersion", KernelFile.text(dmi.resolve("bios_version")))
                .with("firmwareDate", KernelFile.text(dmi.resolve("bios_date")));
    }

    static Part virtualization(HostFiles files) {
        Path sys = files.sys();
        Map<String, String> cpu = CpuFacts.firstProcessor(files.proc().resolve("cpuinfo"));
        String flags = " " + cpu.getOrDefault("flags", "") + " ";
        Hypervisor found =
                Hypervisor.find(
                        new Hypervisor.Signs(
                                KernelFile.text(sys.resolve("class/dmi/id/sys_vendor")),
                                KernelFile.text(sys.resolve("class/dmi/id/product_name")),
                                KernelFile.text(sys.resolve("hypervisor/type")),
                                KernelFile.text(
                                        sys.resolve(
                                                "devices/system/clocksource/clocksource0/available_clocksource")),
                                KernelFile.text(
                                        sys.resolve(
                                                "firmware/devicetree/base/hypervisor/compatible")),
                                flags.contains(" hypervisor ")));
        return new Part()
                .with("virtual", found.isVirtual())
                .with(
                        "hypervisor",
                        found == Hypervisor.UNKNOWN ? null : found.word(),
                        "the processor says that there is one, and nothing says which",
                        "")
                // Where guests could run on it in turn.
                .with("processorSupport", support(flags));
    }

    private static @Nullable String support(String flags) {
        return flags.contains(" vmx ") ? "VT-x" : flags.contains(" svm ") ? "AMD-V" : null;
    }
}
