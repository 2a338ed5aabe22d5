// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.capability.volumes.backend.VolumeFolder;
import io.hostagent.capability.volumes.service.UserSource;
import io.hostagent.capability.volumes.service.VolumeUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whoever has a volume among the mounts of its namespace, be the engine there or not. */
public final class MountUsers implements UserSource {

    private final MountScan scan;
    private final HostView view;

    /**
     * Finds them by a scan.
     *
     * @param view that tells whether a scan finds everybody
     */
    public MountUsers(MountScan scan, HostView view) {
        this.scan = scan;
        this.view = view;
    }

    @Override
    public List<VolumeUser> find(Place place) throws IOException {
        view.verifyProcesses();
        Optional<Target> target = target(place);
        return target.isEmpty()
                ? List.of()
                : scan.of(target.get()).stream()
                        .filter(Found::isUse)
                        .map(MountUsers::user)
                        .toList();
    }

    /** An image that is not mounted here has no device; its backend can tell whether it is held. */
    private static Optional<Target> target(Place place) throws IOException {
        Optional<Target> mounted = Target.mountedAt(place.point());
        if (mounted.isPresent()) {
            return mounted;
        }
        Path tree = new VolumeFolder(place.folder()).tree();
        return Files.isDirectory(tree)
                ? Optional.of(Target.of(tree, place.point()))
                : Optional.empty();
    }

    private static VolumeUser user(Found found) {
        return new VolumeUser(
                "process",
                found.container().orElse(Integer.toString(found.pid())),
                found.toString());
    }
}
