// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Holds back all who write to a mounted file system while it is copied. Whoever died meanwhile has
 * left a file that tells, so that they do not wait for ever.
 */
record Frost(Tools tools) {

    private static final String MARK = "frozen";

    /** Of a file system that is not frozen. */
    private static final String NOT_FROZEN = "Invalid argument";

    static boolean isMarked(VolumeFolder folder) {
        return Files.exists(mark(folder));
    }

    /** Whether it was frozen by way of a mount. */
    static boolean isMarked(VolumeFolder folder, Path point) throws IOException {
        try {
            return Files.readString(mark(folder)).equals(point.toString());
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /**
     * Does something while nobody writes to a volume.
     *
     * @throws IOException when the volume is not mounted there: what would be frozen is the file
     *     system below, maybe that of the host
     */
    void during(UUID id, VolumeFolder folder, Path point, Space.Step step) throws IOException {
        if (!Mount.isPoint(point) || !VolumeFolder.isOf(point, id)) {
            throw new IOException("the volume " + id + " is not mounted at " + point);
        }
        Files.writeString(mark(folder), point.toString());
        Folders.persist(folder.path());
        try {
            tools.run(Tool.FSFREEZE, "--freeze", point.toString());
            step.run();
        } finally {
            // Who is interrupted here must thaw nevertheless.
            boolean interrupted = Thread.interrupted();
            try {
                thaw(folder, point);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Lets all write again; nothing happens when they may. */
    void thaw(VolumeFolder folder, Path point) throws IOException {
        try {
            tools.run(Tool.FSFREEZE, "--unfreeze", point.toString());
        } catch (ToolException e) {
            if (!e.complaint().contains(NOT_FROZEN)) {
                throw e;
            }
        }
        Files.deleteIfExists(mark(folder));
    }

    private static Path mark(VolumeFolder folder) {
        return folder.path().resolve(MARK);
    }
}
