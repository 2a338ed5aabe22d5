// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.engine.LocalVolumes;
import io.hostagent.capability.volumes.web.ImportSources;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.host.HostRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

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
        Path relative = Path.of("/").relativize(folder.normalize());
        return Stream.concat(
                        root.path().map(host -> host.resolve(relative)).stream(),
                        Stream.of(folder.normalize()))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(
                        () ->
                                CallerException.notFound(
                                        "There is no folder " + folder,
                                        "The agent does not see it: mount the host's root at"
                                                + " /host, or the folder at its own path"));
    }
}
