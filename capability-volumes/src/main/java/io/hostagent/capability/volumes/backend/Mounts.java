// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Mounts and unmounts in the mount namespace of the agent. Nothing here changes how mounts
 * propagate: that of the folder they are made in rules.
 */
record Mounts(Tools tools) {

    /**
     * To unmount. A program that another thread just starts has what the agent has open, until it
     * begins.
     */
    private static final int ATTEMPTS = 5;

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** The mount that a path is in; it need not be there. */
    static Optional<Mount> covering(Path path) throws IOException {
        List<Mount> mounts = Mount.own();
        for (Path each = path.toAbsolutePath().normalize(); each != null; each = each.getParent()) {
            Optional<Mount> mount = Mount.at(mounts, each.toString());
            if (mount.isPresent()) {
                return mount;
            }
        }
        return Optional.empty();
    }

    /** Shows a folder at another one. */
    void bind(Path folder, Path point) throws IOException {
        tools.run(Tool.MOUNT, "--bind", "--", folder.toString(), point.toString());
    }

    /** Forbids to write by way of a bind mount. */
    void forbidWriting(Path point) throws IOException {
        tools.run(Tool.MOUNT, "--options", "remount,bind,ro", "--", point.toString());
    }

    /** Mounts a device. */
    void device(String type, String options, String device, Path point) throws IOException {
        tools.run(
                Tools.LONG,
                Tool.MOUNT,
                "--types",
                type,
                "--options",
                options,
                "--",
                device,
                point.toString());
    }

    /** Takes a mount away that was made in vain when it is not what it should be. */
    void verify(UUID id, Path point) throws IOException {
        if (!Mount.isPoint(point) || !VolumeFolder.isOf(point, id)) {
            unmount(point);
            throw new IOException("what was mounted at " + point + " is not the volume " + id);
        }
    }

    /**
     * Takes a mount away, never lazily; nothing happens when there is none.
     *
     * @throws BusyVolumeException when a file in it is open
     */
    void unmount(Path point) throws IOException {
        unmount(point, ATTEMPTS);
    }

    private void unmount(Path point, int attempts) throws IOException {
        if (!Mount.isPoint(point)) {
            return;
        }
        try {
            tools.run(Tools.LONG, Tool.UMOUNT, "--", point.toString());
        } catch (ToolException e) {
            if (e.isBusy() && attempts > 1) {
                LockSupport.parkNanos(PAUSE.toNanos());
                unmount(point, attempts - 1);
                return;
            }
            if (e.isBusy()) {
                throw new BusyVolumeException(
                        point
                                + " is in use: a process has a file open in it or works in it, or"
                                + " something is mounted below it");
            }
            throw e;
        }
    }
}
