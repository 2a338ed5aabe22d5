// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuFactsTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void tellOfAVirtualMachine() {
        Part cpu =
                CpuFacts.read(
                        RecordedHost.in(folder)
                                .with("microvm.tree")
                                .copy("proc/cpuinfo", "facts/microvm.cpuinfo")
                                .files());

        assertThat(cpu.values())
                .containsEntry("model", "AMD EPYC")
                .containsEntry("vendor", "AuthenticAMD")
                .containsEntry("sockets", 1)
                .containsEntry("cores", 2)
                .containsEntry("threads", 2)
                .containsEntry(
                        "flags",
                        List.of(
                                "hypervisor",
                                "aes",
                                "sha_ni",
                                "sse4_2",
                                "avx",
                                "avx2",
                                "avx512f",
                                "avx512_vnni"))
                .doesNotContainKey("maximumFrequencyHertz");
        assertThat(cpu.json().get("absent")).asString().contains("maximumFrequencyHertz");
    }

    /** Two sockets, of which one has two cores with two threads each; one processor is offline. */
    @Test
    void countSocketsCoresAndThreads() {
        Part cpu = CpuFacts.read(RecordedHost.in(folder).with("desktop.tree").files());

        assertThat(cpu.values())
                .containsEntry("sockets", 2)
                .containsEntry("cores", 4)
                .containsEntry("threads", 6)
                .containsEntry("maximumFrequencyHertz", 4_500_000_000L);
    }

    /** The kernel has no model names for them; its fields are those of a Raspberry Pi 4. */
    @Test
    void tellOfAnArmBoard() {
        Part cpu =
                CpuFacts.read(
                        RecordedHost.in(folder)
                                .file(
                                        "proc/cpuinfo",
                                        """
                                        processor\t: 0
                                        BogoMIPS\t: 108.00
                                        Features\t: fp asimd evtstrm crc32 cpuid
                                        CPU implementer\t: 0x41
                                        CPU architecture: 8
                                        CPU variant\t: 0x0
                                        CPU part\t: 0xd08
                                        CPU revision\t: 3

                                        processor\t: 1
                                        """)
                                .file(
                                        "sys/firmware/devicetree/base/model",
                                        "Raspberry Pi 4 Model B Rev 1.4\0")
                                .files());

        assertThat(cpu.values())
                .containsEntry("model", "Raspberry Pi 4 Model B Rev 1.4")
                .containsEntry("vendor", "ARM")
                .containsEntry("flags", List.of("asimd"))
                .doesNotContainKeys("sockets", "cores", "threads");
    }
}
