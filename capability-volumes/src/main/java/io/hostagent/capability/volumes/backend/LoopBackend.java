// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.host.Mount;
import io.hostagent.core.kernel.FileSpace;
import io.hostagent.core.kernel.FileSystemSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each volume as a file that has a file system of its own in it, ext4 or xfs. Its size is its
 * limit. An image with its name is whole; it is made as {@code image.tmp}.
 */
public final class LoopBackend implements Backend {

    /** After which a snapshot is given up, since containers wait for it. */
    private static final Duration FROZEN = Duration.ofMinutes(30);

    private final Folders folders;
    private final Tools tools;
    private final Mounts mounts;
    private final LoopDevices loops;
    private final Images images;
    private final Frost frost;

    /** Two that show one snapshot must not take each other's device for a left one. */
    private final ReentrantLock showing = new ReentrantLock();

    public LoopBackend(Path pool, Tools tools) {
        folders = new Folders(pool.toAbsolutePath().normalize(), tools);
        this.tools = tools;
        mounts = new Mounts(tools);
        loops = new LoopDevices(tools);
        images = new Images(tools, mounts, loops);
        frost = new Frost(tools);
    }

    @Override
    public BackendKind kind() {
        return BackendKind.LOOP;
    }

    @Override
    public Path pool() {
        return folders.pool();
    }

    @Override
    public Probe probe() {
        return LoopProbe.of(pool(), tools);
    }

    @Override
    public void check(VolumeSpec spec) throws IOException {
        ImageFormat format = ImageFormat.of(spec.fs());
        Optional<String> missing = tools.missing(format.needs().toArray(Tool[]::new));
        if (missing.isPresent()) {
            throw new IOException(missing.get());
        }
        format.refuseLess(spec.size());
    }

    @Override
    public void create(UUID id, VolumeSpec spec) throws IOException {
        refuseIfThere(id);
        check(spec);
        ImageFormat format = ImageFormat.of(spec.fs());
        VolumeFolder folder = folders.make(id);
        images.make(
                folder,
                image -> {
                    Images.extend(image, Images.whole(spec.size()));
                    format.format(tools, image, ImageFormat.label(id));
                    images.within(folder, image, point -> Folders.fill(point, id, spec));
                });
    }

    @Override
    public boolean exists(UUID id) {
        return Files.isRegularFile(folders.of(id).image());
    }

    @Override
    public void attach(UUID id, VolumeSpec spec, Path point) throws IOException {
        images.mount(image(id), point);
        mounts.verify(id, point);
    }

    @Override
    public void detach(UUID id, Path point) throws IOException {
        VolumeFolder folder = folders.of(id);
        if (Frost.isMarked(folder, point) && Mount.isPoint(point)) {
            frost.thaw(folder, point);
        }
        mounts.unmount(point);
    }

    @Override
    public void snapshot(UUID id, String name, @Nullable Path attached) throws IOException {
        Path image = image(id);
        Path snapshot = folders.newSnapshot(id, name);
        Path half = Folders.halfMade(snapshot);
        Space.make(
                () -> {
                    if (attached == null) {
                        loops.refuseHeld(image);
                        images.copy(Tools.LONG, image, half);
                    } else {
                        folders.sync(attached);
                        frost.during(
                                id,
                                folders.of(id),
                                attached,
                                () -> images.copy(FROZEN, image, half));
                    }
                    Folders.persist(half);
                    Folders.publish(half, snapshot);
                },
                () -> Files.deleteIfExists(half));
    }

    @Override
    public List<Snapshot> snapshots(UUID id) throws IOException {
        return folders.snapshots(id, LoopBackend::allocated);
    }

    @Override
    public void deleteSnapshot(UUID id, String name) throws IOException {
        Path snapshot = folders.of(id).snapshot(name);
        loops.refuseHeld(snapshot);
        Files.deleteIfExists(snapshot);
    }

    @Override
    public void restore(UUID id, String name) throws IOException {
        Path snapshot = folders.snapshot(id, name);
        Path image = image(id);
        loops.refuseHeld(image);
        images.make(folders.of(id), half -> copyGrown(id, snapshot, half, Files.size(image)));
    }

    @Override
    public void copy(UUID from, String name, UUID to, VolumeSpec spec) throws IOException {
        Path snapshot = folders.snapshot(from, name);
        refuseIfThere(to);
        ImageFormat format = ImageFormat.of(snapshot);
        if (!format.equals(ImageFormat.of(spec.fs()))) {
            throw new RefusedException(
                    "the snapshot is of " + format.type() + ", and so is all that is made of it");
        }
        long size = Files.size(snapshot);
        Images.refuseSmaller(size, spec.size() == 0 ? size : Images.whole(spec.size()));
        VolumeFolder folder = folders.make(to);
        images.make(
                folder,
                half -> {
                    copyGrown(to, snapshot, half, Images.whole(spec.size()));
                    format.rename(tools, half, ImageFormat.label(to));
                });
    }

    @Override
    public void attachSnapshot(UUID id, String name, Path point) throws IOException {
        Path snapshot = folders.snapshot(id, name);
        showing.lock();
        try {
            images.mountReadOnly(snapshot, point);
        } finally {
            showing.unlock();
        }
        mounts.verify(id, point);
    }

    @Override
    public void resize(UUID id, VolumeSpec spec, long bytes, @Nullable Path attached)
            throws IOException {
        Path image = image(id);
        Images.refuseSmaller(Files.size(image), Images.whole(bytes));
        if (attached == null) {
            loops.refuseHeld(image);
            Images.extend(image, Images.whole(bytes));
            images.growUnmounted(folders.of(id), image);
        } else {
            Images.extend(image, Images.whole(bytes));
            images.grow(image, attached);
        }
    }

    @Override
    public Usage usage(UUID id, VolumeSpec spec, @Nullable Path attached) throws IOException {
        Path image = image(id);
        long size = Files.size(image);
        return attached == null
                ? new Usage(allocated(image), size)
                : new Usage(size - FileSystemSpace.of(attached.toString()).availableBytes(), size);
    }

    @Override
    public void destroy(UUID id) throws IOException {
        VolumeFolder folder = folders.of(id);
        images.discardHalves(folder);
        loops.refuseHeld(folder.image());
        for (Snapshot snapshot : snapshots(id)) {
            loops.refuseHeld(folder.snapshot(snapshot.name()));
        }
        if (Files.exists(folder.image())) {
            Folders.publish(folder.image(), Folders.halfMade(folder.image()));
        }
        folders.delete(folder.path());
    }

    @Override
    public List<UUID> scan() throws IOException {
        return folders.scan();
    }

    @Override
    public void recover(UUID id, @Nullable Path attached) throws IOException {
        VolumeFolder folder = folders.of(id);
        if (Frost.isMarked(folder)) {
            if (attached != null) {
                frost.thaw(folder, attached);
            } else if (isHeld(id)) {
                images.reach(folder, folder.image(), point -> frost.thaw(folder, point));
            }
        }
        images.discardHalves(folder);
    }

    @Override
    public boolean isHeld(UUID id) throws IOException {
        return loops.isHeld(folders.of(id).image());
    }

    /** The image of a volume, which is whole. */
    private Path image(UUID id) throws IOException {
        Path image = folders.of(id).image();
        if (!Files.isRegularFile(image)) {
            throw new IOException("there are no whole bytes of the volume " + id + " in " + pool());
        }
        return image;
    }

    private void refuseIfThere(UUID id) throws IOException {
        if (exists(id)) {
            throw new IOException("there are bytes of the volume " + id + " in " + pool());
        }
        images.discardHalves(folders.of(id));
    }

    private void copyGrown(UUID id, Path snapshot, Path half, long size) throws IOException {
        images.copy(Tools.LONG, snapshot, half);
        if (size > Files.size(half)) {
            Images.extend(half, size);
            images.growUnmounted(folders.of(id), half);
        }
        images.within(folders.of(id), half, point -> Folders.identify(point, id));
    }

    private static long allocated(Path image) {
        try {
            return FileSpace.of(image.toString()).bytes();
        } catch (IOException _) {
            return -1;
        }
    }
}
