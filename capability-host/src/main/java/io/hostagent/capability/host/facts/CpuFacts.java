// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The processors: all that the host has, whatever the agent's container may use of them. */
final class CpuFacts {

    /** Of the hundred flags those by which people choose where to run what. */
    private static final List<String> FLAGS =
            List.of(
                    "vmx",
                    "svm",
                    "hypervisor",
                    "aes",
                    "sha_ni",
                    "sse4_2",
                    "avx",
                    "avx2",
                    "avx512f",
                    "avx512_vnni",
                    "amx_tile",
                    "sha2",
                    "asimd",
                    "atomics",
                    "sve",
                    "sve2");

    /** Makers of ARM cores by {@code CPU implementer}, see the kernel's asm/cputype.h. */
    private static final Map<String, String> IMPLEMENTERS =
            Map.of(
                    "0x41", "ARM",
                    "0x42", "Broadcom",
                    "0x43", "Cavium",
                    "0x46", "Fujitsu",
                    "0x48", "HiSilicon",
                    "0x4e", "NVIDIA",
                    "0x51", "Qualcomm",
                    "0x61", "Apple",
                    "0x6d", "Microsoft",
                    "0xc0", "Ampere");

    private static final Pattern CPU = Pattern.compile("cpu\\d+");
    private static final long HERTZ_PER_KILOHERTZ = 1000;

    private CpuFacts() {}

    static Part read(HostFiles files) {
        Map<String, String> first = firstProcessor(files.proc().resolve("cpuinfo"));
        List<Path> cpus =
                KernelFile.entries(files.sys().resolve("devices/system/cpu")).stream()
                        .filter(folder -> CPU.matcher(KernelFile.name(folder)).matches())
                        .filter(folder -> Files.isDirectory(folder.resolve("topology")))
                        .toList();
        return new Part()
                .with(
                        "model",
                        Optional.ofNullable(first.get("model name"))
                                .or(() -> Optional.ofNullable(board(files)))
                                .orElse(null),
                        "/proc/cpuinfo has no name for these processors",
                        "")
                .with("vendor", vendor(first))
                .with("sockets", distinct(cpus, "physical_package_id"))
                .with("cores", distinct(cpus, "thread_siblings_list"))
                .with("threads", cpus.isEmpty() ? null : cpus.size())
                .with(
                        "maximumFrequencyHertz",
                        maximumFrequency(cpus),
                        "the kernel does not control the frequency, as in most virtual machines",
                        "")
                .with("flags", flags(first));
    }

    /**
     * The first block of {@code /proc/cpuinfo}: there is one for each thread, all much the same.
     */
    static Map<String, String> firstProcessor(Path cpuinfo) {
        Map<String, String> fields = new HashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(cpuinfo)) {
            for (String line = reader.readLine();
                    line != null && !line.isBlank();
                    line = reader.readLine()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return fields;
    }

    private static @Nullable String vendor(Map<String, String> fields) {
        String vendor = fields.get("vendor_id");
        String implementer = fields.get("CPU implementer");
        return vendor != null || implementer == null ? vendor : IMPLEMENTERS.get(implementer);
    }

    /** What the firmware of a board without model names calls it, such as a Raspberry Pi. */
    private static @Nullable String board(HostFiles files) {
        String model = KernelFile.text(files.sys().resolve("firmware/devicetree/base/model"));
        return model == null ? null : model.replace("\0", "");
    }

    /** How many different values a file of the topology has; nothing when there is none. */
    private static @Nullable Integer distinct(List<Path> cpus, String file) {
        Set<String> values = new HashSet<>();
        for (Path cpu : cpus) {
            String value = KernelFile.text(cpu.resolve("topology").resolve(file));
            if (value != null) {
                values.add(value);
            }
        }
        return values.isEmpty() ? null : values.size();
    }

    private static @Nullable Long maximumFrequency(List<Path> cpus) {
        return cpus.stream()
                .map(cpu -> KernelFile.number(cpu.resolve("cpufreq/cpuinfo_max_freq")))
                .filter(Objects::nonNull)
                .max(Long::compare)
                .map(kilohertz -> kilohertz * HERTZ_PER_KILOHERTZ)
                .orElse(null);
    }

    private static List<String> flags(Map<String, String> fields) {
        String flags = fields.getOrDefault("flags", fields.getOrDefault("Features", ""));
        Set<String> has = new HashSet<>(Arrays.asList(flags.split(" ", -1)));
        return FLAGS.stream().filter(has::contains).toList();
    }
}
