// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.CopyWatch;
import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps volumes as folders. It works on every file system, and limits nothing. */
public sealed class DirectoryBackend extends TreeBackend permits SharedBackend {

    private static final String GONE = ": No such file or directory";

    /** No complaint ends so. */
    private static final String NOTHING = "\n";

    public DirectoryBackend(Path pool, Tools tools) {
        super(pool, tools);
    }

    @Override
    public BackendKind kind() {
        return BackendKind.DIRECTORY;
    }

    @Override
    public Probe probe() {
        Optional<String> missing =
                tools.missing(Tool.MOUNT, Tool.UMOUNT, Tool.CP, Tool.RM, Tool.DU, Tool.SYNC);
        if (missing.isPresent()) {
            return Probe.missing(missing.get());
        }
        try {
            return Pool.of(pool())
                    .probe(Probe.Limit.NONE, Probe.Snapshots.COPY, Probe.Exclusive.NAMESPACES, "");
        } catch (IOException e) {
            return Probe.missing(pool() + " cannot be used: " + e.getMessage());
        }
    }

    @Override
    public void check(VolumeSpec spec) throws IOException {
        refuseLimit(spec.size());
    }

    @Override
    public void create(UUID id, VolumeSpec spec) throws IOException {
        refuseLimit(spec.size());
        super.create(id, spec);
    }

    @Override
    public void copy(UUID from, String name, UUID to, VolumeSpec spec) throws IOException {
        refuseLimit(spec.size());
        super.copy(from, name, to, spec);
    }

    @Override
    public Usage usage(UUID id, VolumeSpec spec, @Nullable Path attached) throws IOException {
        return new Usage(folders.bytes(tree(id)), 0);
    }

    @Override
    void makeTree(Path tree, VolumeSpec spec) throws IOException {
        Files.createDirectory(tree);
    }

    @Override
    void freezeTree(Path tree, Path snapshot, boolean live) throws IOException {
        // A container may remove files while they are copied; such a file was not to be had.
        new SafeCopy(tools, tree.resolveSibling("")).copyAs(tree, snapshot, live ? GONE : NOTHING);
        folders.sync(snapshot);
    }

    @Override
    void thawTree(Path snapshot, Path tree) throws IOException {
        tools.copy(
                Tools.LONG,
                CopyWatch.UNKNOWN,
                "--archive",
                "--reflink=auto",
                "--sparse=auto",
                "--one-file-system",
                "--no-target-directory",
                "--",
                snapshot.toString(),
                tree.toString());
    }

    @Override
    void deleteTree(Path tree) throws IOException {
        folders.delete(tree);
    }

    @Override
    void limitTree(Path tree, long bytes) throws IOException {
        refuseLimit(bytes);
    }

    @Override
    void inheritLimit(Path tree, Path heir) {}

    @Override
    long snapshotBytes(Path snapshot) {
        return -1;
    }

    private void refuseLimit(long bytes) throws IOException {
        if (bytes > 0) {
            throw new RefusedException(
                    "the "
                            + kind().word()
                            + " backend cannot limit a volume: leave the size out, or use the"
                            + " backend btrfs or loop");
        }
    }
}
