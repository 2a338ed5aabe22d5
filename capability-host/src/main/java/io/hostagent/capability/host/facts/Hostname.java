// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The host's name. {@code /proc/sys/kernel/hostname} is that of whoever reads it, even below the
 * host's root, so in a container the engine is asked, which runs on the host; then the file from
 * which the host takes its name when it starts.
 */
final class Hostname {

    private static final String CONFIGURED = "etc/hostname";

    private Hostname() {}

    /**
     * Puts it into a part.
     *
     * @param engine what the engine of this very host says, if it says anything
     */
    static Part find(HostFiles files, Optional<EngineInfo> engine) {
        if (files.root().filter(root -> root.equals(Path.of("/"))).isPresent()) {
            return named(KernelFile.text(files.proc().resolve("sys/kernel/hostname")), "kernel");
        }
        Optional<String> told = engine.map(EngineInfo::name).filter(name -> !name.isEmpty());
        if (told.isPresent()) {
            return named(told.get(), "engine");
        }
        if (files.root().isPresent()) {
            return named(files.text(CONFIGURED), "/" + CONFIGURED);
        }
        return new Part()
                .without(
                        "name",
                        "neither the engine nor the host's /" + CONFIGURED + " can be asked",
                        "mount the engine's socket, or / at /host");
    }

    private static Part named(@Nullable String name, String source) {
        return new Part()
                .with("name", name, "the host has no /" + CONFIGURED, "mount the engine's socket")
                .with("source", name == null ? null : source);
    }
}
