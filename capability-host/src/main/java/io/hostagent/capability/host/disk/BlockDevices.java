// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.disk;

import io.hostagent.capability.host.disk.BlockDevice.Kind;
import io.hostagent.capability.host.disk.BlockDevice.Partition;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The block devices of {@code /sys/block}, which are the same in every container. */
public final class BlockDevices {

    /** A sector in {@code size}, whatever the sectors of the device itself have. */
    private static final long SECTOR_BYTES = 512;

    /** What the kernel says of an optical drive that was always empty ({@code sr_probe}). */
    private static final long NO_MEDIUM_SECTORS = 0x1fffff;

    /** Parts of an eMMC that the kernel shows as devices beside it. */
    private static final Pattern CARD_AREA = Pattern.compile("mmcblk\\d+(boot\\d+|rpmb|gp\\d+)");

    private final Path folder;

    /**
     * The devices.
     *
     * @param sys where sysfs is
     */
    public BlockDevices(Path sys) {
        folder = sys.resolve("block");
    }

    /**
     * All of them by name. Those that the kernel hides (the single paths to an NVMe disk with
     * several) are not among them.
     *
     * @throws IOException when there is no list of them
     */
    public List<BlockDevice> all() throws IOException {
        List<Path> folders =
                KernelFile.list(folder).stream()
                        .filter(device -> !KernelFile.flag(device.resolve("hidden")))
                        .toList();
        DiskVendors vendors = DiskVendors.of(folders);
        return folders.stream().map(device -> read(device, vendors)).toList();
    }

    private static BlockDevice read(Path folder, DiskVendors vendors) {
        String name = KernelFile.name(folder);
        Kind kind = kind(folder, name);
        Path device = folder.resolve("device");
        return new BlockDevice(
                name,
                kind,
                bus(folder),
                vendors.vendor(folder),
                firstOf(device.resolve("model"), device.resolve("name")),
                size(folder, kind),
                KernelFile.flag(folder.resolve("queue/rotational")),
                KernelFile.flag(folder.resolve("removable")),
                KernelFile.flag(folder.resolve("ro")),
                partitions(folder),
                KernelFile.entries(folder.resolve("slaves")).stream()
                        .map(KernelFile::name)
                        .toList());
    }

    private static Kind kind(Path folder, String name) {
        if (name.startsWith("loop")) {
            return Kind.LOOP;
        }
        if (name.startsWith("ram") || name.startsWith("zram")) {
            return Kind.MEMORY;
        }
        if (Files.isDirectory(folder.resolve("dm"))) {
            return Kind.MAPPER;
        }
        if (Files.isDirectory(folder.resolve("md"))) {
            return Kind.RAID;
        }
        if (!Files.exists(folder.resolve("device")) || CARD_AREA.matcher(name).matches()) {
            return Kind.OTHER;
        }
        return name.startsWith("sr") ? Kind.OPTICAL : Kind.DISK;
    }

    private static long size(Path folder, Kind kind) {
        Long sectors = KernelFile.number(folder.resolve("size"));
        if (sectors == null || (kind == Kind.OPTICAL && sectors == NO_MEDIUM_SECTORS)) {
            return 0;
        }
        return sectors * SECTOR_BYTES;
    }

    /** The bus of a SCSI device is none to a reader: what carries it is in its path. */
    private static @Nullable String bus(Path folder) {
        String bus = KernelFile.linked(folder.resolve("device/subsystem"));
        if (bus == null || !bus.equals("scsi")) {
            return bus == null ? null : bus.startsWith("nvme") ? "nvme" : bus;
        }
        String path;
        try {
            path = folder.toRealPath().toString();
        } catch (IOException e) {
            return bus;
        }
        return path.contains("/usb") ? "usb" : path.contains("/ata") ? "ata" : bus;
    }

    private static List<Partition> partitions(Path folder) {
        return KernelFile.entries(folder).stream()
                .filter(entry -> Files.exists(entry.resolve("partition")))
                .map(
                        entry ->
                                new Partition(
                                        KernelFile.name(entry),
                                        Objects.requireNonNullElse(
                                                        KernelFile.number(entry.resolve("size")),
                                                        0L)
                                                * SECTOR_BYTES))
                .toList();
    }

    private static @Nullable String firstOf(Path one, Path other) {
        String text = KernelFile.text(one);
        return text == null ? KernelFile.text(other) : text;
    }
}
