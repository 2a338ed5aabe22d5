// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Memory and swap of the host, from {@code /proc/meminfo}, which knows no cgroups. */
final class MemoryFacts {

    private static final long BYTES_PER_KILOBYTE = 1024;

    private MemoryFacts() {}

    static Part read(HostFiles files) {
        Map<String, Long> bytes = bytes(KernelFile.text(files.proc().resolve("meminfo")));
        return new Part()
                .with("totalBytes", bytes.get("MemTotal"), "/proc/meminfo does not tell", "")
                .with("availableBytes", bytes.get("MemAvailable"))
                .with("freeBytes", bytes.get("MemFree"))
                .with("buffersBytes", bytes.get("Buffers"))
                .with("cachedBytes", bytes.get("Cached"))
                .with("sharedBytes", bytes.get("Shmem"))
                .with("dirtyBytes", bytes.get("Dirty"))
                .with("swapTotalBytes", bytes.get("SwapTotal"))
                .with("swapFreeBytes", bytes.get("SwapFree"))
                .with("hugePageBytes", bytes.get("Hugepagesize"));
    }

    /** The lines with a unit, {@code MemTotal: 24684096 kB}; the kernel's kB has 1024 bytes. */
    static Map<String, Long> bytes(@Nullable String meminfo) {
        Map<String, Long> bytes = new HashMap<>();
        if (meminfo == null) {
            return bytes;
        }
        for (String line : meminfo.lines().toList()) {
            String[] words = line.split("\\s+", -1);
            if (words.length == 3
                    && words[0].endsWith(":")
                    && words[1].matches("\\d{1,15}")
                    && words[2].equals("kB")) {
                bytes.put(
                        words[0].substring(0, words[0].length() - 1),
                        Long.parseLong(words[1]) * BYTES_PER_KILOBYTE);
            }
        }
        return bytes;
    }
}
