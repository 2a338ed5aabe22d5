// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The host's name. {@code /proc/sys/kernel/hostname} is that of whoever reads it, even below the
 * host's root, so in a container the engine is asked, which runs on the host; then the file from
 * which the host takes its name when it starts.
 *
 * @param name such as {@code node7}
 * @param source who says so: {@code kernel}, {@code engine} or a file of the host
 */
public record HostName(String name, String source) {

    /** From where a host takes its name when it starts. */
    public static final String CONFIGURED = "etc/hostname";

    /**
     * Looks for it.
     *
     * @param engine how the engine of this very host calls it, if it says anything
     * @return empty when nobody knows
     */
    public static Optional<HostName> find(HostFiles files, Optional<String> engine) {
        if (isKernels(files)) {
            return named(KernelFile.text(files.proc().resolve("sys/kernel/hostname")), "kernel");
        }
        Optional<String> told = engine.filter(name -> !name.isEmpty());
        return told.isPresent()
                ? named(told.get(), "engine")
                : named(files.text(CONFIGURED), "/" + CONFIGURED);
    }

    /** Whether the agent is in no container, so that the kernel tells it the host's own name. */
    public static boolean isKernels(HostFiles files) {
        return files.root().filter(root -> root.equals(Path.of("/"))).isPresent();
    }

    private static Optional<HostName> named(@Nullable String name, String source) {
        return Optional.ofNullable(name).map(known -> new HostName(known, source));
    }
}
