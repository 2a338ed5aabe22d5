// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.core.kernel.FileSpace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, copies and mounts files that have a file system in them. */
record Images(Tools tools, Mounts mounts, LoopDevices loops) {

    private static final Logger log = LoggerFactory.getLogger(Images.class);

    private static final String BUILD = "build";
    private static final long BLOCK = 4096;

    /** What does something with an image, or with its file system where that is mounted. */
    @FunctionalInterface
    interface Work {
        void on(Path path) throws IOException;
    }

    /** Bytes in whole blocks. */
    static long whole(long bytes) {
        return (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    static void refuseSmaller(long now, long wanted) throws IOException {
        if (wanted < now) {
            throw new RefusedException(
                    "a loop volume cannot become smaller than the "
                            + now
                            + " bytes that it has: make a new volume and copy the files");
        }
    }

    /** Makes a file so long; what is new of it is a hole. */
    static void extend(Path image, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            if (bytes > file.length()) {
                file.setLength(bytes);
                file.getFD().sync();
            }
        }
    }

    /** Copies an image with its holes, and without taking room where the pool can do that. */
    void copy(Duration limit, Path from, Path to) throws IOException {
        tools.copy(
                limit,
                FileSpace.of(from.toString()).bytes(),
                "--reflink=auto",
                "--sparse=always",
                "--no-target-directory",
                "--",
                from.toString(),
                to.toString());
    }

    /** Makes an image under another name, and gives it its own when it is on the disk. */
    void make(VolumeFolder folder, Work making) throws IOException {
        Path half = Folders.halfMade(folder.image());
        Space.make(
                () -> {
                    making.on(half);
                    Folders.persist(half);
                    Folders.publish(half, folder.image());
                },
                () -> discardHalves(folder));
    }

    /** Throws away what is not whole. */
    void discardHalves(VolumeFolder folder) throws IOException {
        leaveBuild(folder);
        Files.deleteIfExists(Folders.halfMade(folder.image()));
        if (Files.isDirectory(folder.snapshots())) {
            try (DirectoryStream<Path> halves =
                    Files.newDirectoryStream(folder.snapshots(), "*" + Folders.HALF_MADE)) {
                for (Path half : halves) {
                    Files.delete(half);
                }
            }
        }
    }

    /** Mounts a volume; what its last user left open is put in order by that. */
    void mount(Path image, Path point) throws IOException {
        ImageFormat format = ImageFormat.of(image);
        mount(image, format, format.options(), false, point);
    }

    /** Mounts an image that nobody may change, as often as one likes. */
    void mountReadOnly(Path image, Path point) throws IOException {
        ImageFormat format = ImageFormat.of(image);
        for (String device : loops.held(image)) {
            try {
                mounts.device(format.type(), format.snapshotOptions(), device, point);
                return;
            } catch (ToolException e) {
                // The other mount may have gone just now, and the device with it.
                if (loops.held(image).contains(device)) {
                    throw e;
                }
            }
        }
        mount(image, format, format.snapshotOptions(), true, point);
    }

    /** Does something within an image that nobody else has mounted. */
    void within(VolumeFolder folder, Path image, Work work) throws IOException {
        ImageFormat format = ImageFormat.of(image);
        leaveBuild(folder);
        Path build = Files.createDirectories(build(folder));
        mount(image, format, format.buildOptions(), false, build);
        try {
            work.on(build);
        } finally {
            leaveBuild(folder);
        }
    }

    /** Does something with a file system that lives on although its mount is gone. */
    void reach(VolumeFolder folder, Path image, Work work) throws IOException {
        ImageFormat format = ImageFormat.of(image);
        leaveBuild(folder);
        Path build = Files.createDirectories(build(folder));
        try {
            mounts.device(format.type(), format.options(), loops.of(image).getFirst(), build);
            work.on(build);
        } finally {
            leaveBuild(folder);
        }
    }

    /** Unmounts what a crash left mounted. */
    private void leaveBuild(VolumeFolder folder) throws IOException {
        Path build = build(folder);
        if (Files.isDirectory(build)) {
            mounts.unmount(build);
            Files.delete(build);
        }
    }

    /** Grows the file system of an image that is mounted to the size of the image. */
    void grow(Path image, Path point) throws IOException {
        ImageFormat.of(image).grow(tools, loops.grow(image), point);
    }

    /** Grows the file system of an image that is not mounted to the size of the image. */
    void growUnmounted(VolumeFolder folder, Path image) throws IOException {
        if (!ImageFormat.of(image).growUnmounted(tools, image)) {
            within(folder, image, point -> grow(image, point));
        }
    }

    private void mount(Path image, ImageFormat format, String options, boolean readOnly, Path point)
            throws IOException {
        String device = loops.make(image, readOnly);
        try {
            if (readOnly) {
                mounts.device(format.type(), options, device, point);
                return;
            }
            Optional<IOException> wrong = tryMount(image, format, options, device, point);
            if (wrong.isPresent()) {
                format.repair(tools, device, wrong.get());
                mounts.device(format.type(), options, device, point);
            }
        } finally {
            loops.release(device);
        }
    }

    /** Mounts it for writing, or says what has to be mended first. */
    private Optional<IOException> tryMount(
            Path image, ImageFormat format, String options, String device, Path point)
            throws IOException {
        try {
            mounts.device(format.type(), options, device, point);
        } catch (ToolException e) {
            return Optional.of(e);
        }
        // Some errors are in the journal alone until it is read, so this is looked at afterwards.
        if (!format.hasErrors(image)) {
            return Optional.empty();
        }
        log.warn("{} has recorded errors, and is checked; files may be missing", image);
        mounts.unmount(point);
        return Optional.of(new IOException("it has recorded errors"));
    }

    private static Path build(VolumeFolder folder) {
        return folder.path().resolve(BUILD);
    }
}
