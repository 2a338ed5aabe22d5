// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import io.hostagent.core.kernel.OsRelease;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operating system and its kernel. */
final class SystemFacts {

    private static final Map<String, String> ARCHITECTURES =
            Map.of("amd64", "x86_64", "aarch64", "aarch64");

    private SystemFacts() {}

    static Part operatingSystem(HostFiles files) {
        Part part = new Part();
        if (files.root().isEmpty()) {
            files.missing().ifPresent(absence -> part.without("name", absence));
            return part;
        }
        // The order of os-release(5).
        String text = files.text("etc/os-release");
        Map<String, String> release =
                OsRelease.parse(text == null ? files.text("usr/lib/os-release") : text);
        return part.with(
                        "name",
                        release.get("PRETTY_NAME"),
                        "the host has neither /etc/os-release nor /usr/lib/os-release",
                        "")
                .with("id", release.get("ID"))
                .with("version", release.get("VERSION_ID"))
                .with("variant", release.get("VARIANT"));
    }

    static Part kernel(HostFiles files) {
        Path kernel = files.proc().resolve("sys/kernel");
        String architecture = KernelFile.text(kernel.resolve("arch"));
        return new Part()
                .with("type", KernelFile.text(kernel.resolve("ostype")))
                .with("release", KernelFile.text(kernel.resolve("osrelease")))
                .with("version", KernelFile.text(kernel.resolve("version")))
                .with(
                        "architecture",
                        architecture == null
                                // A kernel before 6.1.
                                ? ARCHITECTURES.get(System.getProperty("os.arch"))
                                : architecture)
                .with(
                        "bootTime",
                        bootTime(KernelFile.text(files.proc().resolve("stat"))),
                        "/proc/stat does not tell",
                        "");
    }

    /** Seconds since 1970 in the line {@code btime}, as a time of ISO 8601. */
    static @Nullable String bootTime(@Nullable String stat) {
        return stat == null
                ? null
                : stat.lines()
                        .filter(line -> line.matches("btime \\d{1,18}"))
                        .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6))))
                        .map(Instant::toString)
                        .findFirst()
                        .orElse(null);
    }
}
