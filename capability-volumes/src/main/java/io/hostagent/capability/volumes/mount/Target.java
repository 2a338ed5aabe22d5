// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A volume, as the mounts of this host show it.
 *
 * @param device its file system, as {@link Mount#device} has it
 * @param root the folder of that file system that is the volume; {@code /} for all of it
 * @param point where this agent mounts it
 */
public record Target(String device, String root, Path point) {

    /** A volume that this process has mounted; empty when nothing is mounted there. */
    public static Optional<Target> mountedAt(Path point) throws IOException {
        return Mount.at(Mount.own(), point.toString())
                .map(mount -> new Target(mount.device(), mount.root(), point));
    }

    /**
     * A volume that is a folder of a file system, mounted or not.
     *
     * @param folder where the volume's bytes are, not by way of a mount of the volume
     * @param point where this agent would mount it
     */
    public static Target of(Path folder, Path point) throws IOException {
        Path real = folder.toRealPath();
        Mount holding =
                Mount.holding(Mount.own(), real)
                        .orElseThrow(() -> new IOException(folder + " is on no mount"));
        Path within = Path.of(holding.point()).relativize(real);
        String root = Path.of(holding.root()).resolve(within).normalize().toString();
        return new Target(holding.device(), root, point);
    }

    /** Whether a mount shows the volume or a part of it. */
    boolean isShownBy(Mount mount) {
        return mount.device().equals(device)
                && (root.equals("/")
                        || mount.root().equals(root)
                        || mount.root().startsWith(root + "/"));
    }

    /** Whether a mount is where this agent makes it, and shows all of the volume. */
    boolean isAtItsPoint(Mount mount) {
        return isWholeIn(mount) && mount.point().equals(point.toString());
    }

    /** Whether a mount shows all of the volume, and not a folder of it as a container is given. */
    boolean isWholeIn(Mount mount) {
        return mount.root().equals(root);
    }
}
