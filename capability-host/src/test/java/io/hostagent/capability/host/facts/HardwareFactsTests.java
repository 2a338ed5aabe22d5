// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.host.facts.Hypervisor.Signs;
import io.hostagent.core.fixture.RecordedHost;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardwareFactsTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void tellWhatTheFirmwareDoesWithoutWhatIdentifiesTheMachine() {
        Part hardware = HardwareFacts.read(RecordedHost.in(folder).with("desktop.tree").files());

        assertThat(hardware.values())
                .containsEntry("vendor", "LENOVO")
                .containsEntry("product", "20QV0007GE")
                .containsEntry("firmwareDate", "11/16/2022");
        assertThat(hardware.json().toString()).doesNotContain("PF1ABCDE", "4c4c4544");
    }

    @Test
    void nameMissingFirmware() {
        Part hardware = HardwareFacts.read(RecordedHost.in(folder).with("microvm.tree").files());

        assertThat(hardware.values()).isEmpty();
        assertThat(hardware.json().get("absent")).asString().contains("DMI");
    }

    @Test
    void knowAVirtualMachineWithoutFirmwareByItsClock() {
        Part part =
                HardwareFacts.virtualization(
                        RecordedHost.in(folder)
                                .with("microvm.tree")
                                .copy("proc/cpuinfo", "facts/microvm.cpuinfo")
                                .files());

        assertThat(part.values()).containsEntry("virtual", true).containsEntry("hypervisor", "kvm");
    }

    @Test
    void knowARealMachineThatCouldRunVirtualOnes() {
        Part part =
                HardwareFacts.virtualization(
                        RecordedHost.in(folder)
                                .with("desktop.tree")
                                .file("proc/cpuinfo", "flags\t\t: fpu vmx aes\n")
                                .files());

        assertThat(part.values())
                .containsEntry("virtual", false)
                .containsEntry("hypervisor", "none")
                .containsEntry("processorSupport", "VT-x");
    }

    @ParameterizedTest
    @CsvSource({
        "QEMU, Standard PC (Q35 + ICH9), tsc kvm-clock, true, KVM",
        "QEMU, Standard PC (Q35 + ICH9), tsc hpet, true, QEMU",
        "Amazon EC2, m5.large, kvm-clock tsc, true, AMAZON",
        "Amazon EC2, m5.metal, tsc hpet acpi_pm, false, NONE",
        "Google, Google Compute Engine, kvm-clock tsc, true, GOOGLE",
        "'VMware, Inc.', 'VMware7,1', tsc, true, VMWARE",
        "innotek GmbH, VirtualBox, tsc, true, VIRTUALBOX",
        "Microsoft Corporation, Virtual Machine, hyperv_clocksource_tsc_page, true, MICROSOFT",
        "Microsoft Corporation, Surface Pro, tsc, false, NONE",
        "Xen, HVM domU, xen tsc, true, XEN",
        "Dell Inc., PowerEdge R740, tsc hpet acpi_pm, false, NONE",
        ", , tsc, true, UNKNOWN",
        ", , , false, NONE"
    })
    void knowAHypervisorByItsSigns(
            @Nullable String vendor,
            @Nullable String product,
            @Nullable String clocks,
            boolean flag,
            Hypervisor expected) {
        assertThat(Hypervisor.find(new Signs(vendor, product, null, clocks, null, flag)))
                .isEqualTo(expected);
    }
}
