// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks whether images can be made and mounted here. */
final class LoopProbe {

    private static final Path CONTROL = Path.of("/dev/loop-control");

    private LoopProbe() {}

    static Probe of(Path path, Tools tools) {
        Optional<String> missing =
                tools.missing(
                                Tool.MOUNT,
                                Tool.UMOUNT,
                                Tool.LOSETUP,
                                Tool.FSFREEZE,
                                Tool.CP,
                                Tool.RM,
                                Tool.SYNC)
                        .or(() -> missing(tools, new Ext4()));
        if (missing.isPresent()) {
            return Probe.missing(missing.get());
        }
        if (!Files.exists(CONTROL)) {
            return Probe.missing(
                    CONTROL
                            + " is not there: load the kernel's module loop, and run the agent's"
                            + " container privileged with -v /dev:/dev");
        }
        String note =
                missing(tools, new Xfs())
                        .map(absence -> "no volumes with xfs: " + absence)
                        .orElse("");
        try {
            Pool pool = Pool.of(path);
            return pool.probe(Probe.Limit.HARD, pool.copies(), Probe.Exclusive.DEVICE, note);
        } catch (IOException e) {
            return Probe.missing(path + " cannot be used: " + e.getMessage());
        }
    }

    private static Optional<String> missing(Tools tools, ImageFormat format) {
        return tools.missing(format.needs().toArray(Tool[]::new));
    }
}
