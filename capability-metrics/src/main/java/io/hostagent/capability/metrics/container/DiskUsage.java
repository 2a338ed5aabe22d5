// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.core.kernel.FileSpace;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The room that a container takes: its writable layer, and the folder with its log. Every file is
 * looked at, each once however many names it has, and no link is followed.
 */
final class DiskUsage implements SlowNumbers.Source<DiskUsage.Usage> {

    /** Where the root of a process is an overlay, what it writes is there; see mount(8). */
    private static final Pattern UPPER =
            Pattern.compile("(?m)^\\S+ \\S+ \\S+ \\S+ / .* - overlay .*[ ,]upperdir=([^,\\n]+)");

    /**
     * What was found.
     *
     * @param device such as {@code /dev/vda}; empty when it is not known
     * @param bytes on the disk
     * @param files inodes
     * @param size of the file system
     */
    record Usage(Labels device, double bytes, double files, double size) {}

    @Override
    public Usage read(SlowNumbers.Target target, BooleanSupplier stop) throws IOException {
        Path root = target.files().root().orElseThrow(() -> new IOException("no root of the host"));
        String layer =
                target.details()
                        .layer()
                        .or(() -> target.process().flatMap(DiskUsage::upper))
                        .orElseThrow(() -> new IOException("no layer that could be looked at"));
        Sum sum = new Sum(stop);
        Path folder = Path.of(HostItself.below(root, layer));
        sum.add(folder);
        Optional<Path> log =
                target.details()
                        .log()
                        .map(file -> Path.of(HostItself.below(root, file)).getParent());
        if (log.isPresent() && Files.isDirectory(log.get())) {
            sum.add(log.get());
        }
        return new Usage(
                Labels.of(
                        "device",
                        MountedDevices.holding(layer, target.mounts())
                                .map(MountedDevices.Mounted::source)
                                .orElse("")),
                (double) sum.bytes,
                (double) sum.files,
                (double) FileSystemSpace.of(folder.toString()).totalBytes());
    }

    /** Engines with the image store of containerd do not tell it, and the process does. */
    private static Optional<String> upper(Path process) {
        String mounts = KernelFile.text(process.resolve("mountinfo"));
        return mounts == null ? Optional.empty() : upper(mounts);
    }

    static Optional<String> upper(String mounts) {
        Matcher matcher = UPPER.matcher(mounts);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public void add(Usage usage, Numbers numbers) {
        numbers.add(DeviceFamilies.USED, usage.device(), usage.bytes());
        numbers.add(DeviceFamilies.SIZE, usage.device(), usage.size());
        numbers.add(DeviceFamilies.INODES, usage.device(), usage.files());
        numbers.add(DeviceFamilies.INODES_FREE, usage.device(), 0);
    }

    /** Adds up folders. */
    private static final class Sum {

        private final BooleanSupplier stop;
        private final Set<Long> shared = new HashSet<>();
        private long bytes;
        private long files;

        Sum(BooleanSupplier stop) {
            this.stop = stop;
        }

        void add(Path top) throws IOException {
            Deque<Path> ahead = new ArrayDeque<>();
            ahead.add(top);
            count(FileSpace.of(top.toString()));
            while (!ahead.isEmpty() && !stop.getAsBoolean()) {
                // The last one first: as few wait as the tree is deep and wide in one place.
                Path folder = ahead.pollLast();
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                    for (Path entry : entries) {
                        if (addEntry(entry)) {
                            ahead.addLast(entry);
                        }
                    }
                } catch (IOException | DirectoryIteratorException e) {
                    // Removed since, as files of running containers are.
                }
            }
        }

        private boolean addEntry(Path entry) {
            try {
                FileSpace space = FileSpace.of(entry.toString());
                count(space);
                return space.directory();
            } catch (IOException e) {
                return false;
            }
        }

        private void count(FileSpace space) {
            if (space.directory() || space.links() < 2 || shared.add(space.inode())) {
                bytes += space.bytes();
                files++;
            }
        }
    }
}
