// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.engine.LocalVolumes;
import io.hostagent.capability.volumes.web.ImportSources;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Folders of the host that volumes are made of, where the agent sees them. */
final class HostFolders implements ImportSources {

    private final LocalVolumes volumes;
    private final HostRoot root;

    HostFolders(LocalVolumes volumes, HostRoot root) {
        this.volumes = volumes;
        this.root = root;
    }

    @Override
    public Path localVolume(String name) {
        return seen(volumes.folder(name));
    }

    @Override
    public Path folder(String path) {
        return seen(Path.of(path));
    }

    /** In a container it is below the host's root, or bound at its own path. */
    private Path seen(Path folder) {
        Path wanted = folder.normalize();
        Path relative = Path.of("/").relativize(wanted);
        return root.path()
                .map(host -> host.resolve(relative))
                .filter(Files::isDirectory)
                .or(() -> Optional.of(wanted).filter(this::isBound))
                .orElseThrow(
                        () ->
                                CallerException.notFound(
                                        "There is no folder " + folder,
                                        "The agent does not see it: mount the host's root at"
                                                + " /host, or the folder at its own path"));
    }

    /** Whether it comes from outside: what is on the root of a container is not the host's. */
    private boolean isBound(Path folder) {
        try {
            return Files.isDirectory(folder)
                    && Mount.holding(root.ownMounts(), folder.toRealPath())
                            .filter(mount -> !mount.point().equals("/"))
                            .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
