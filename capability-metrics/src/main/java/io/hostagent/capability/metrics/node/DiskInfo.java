// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a block device is, as far as sysfs and udev know. */
final class DiskInfo {

    private static final Family INFO =
            Family.gauge("node_disk_info", "1, labelled with what a block device is.");
    private static final Family FILE_SYSTEM =
            Family.gauge(
                    "node_disk_filesystem_info", "1, labelled with the file system of a device.");
    private static final Family MAPPER =
            Family.gauge(
                    "node_disk_device_mapper_info",
                    "1, labelled with what the device mapper made a device of.");

    private record Ata(String property, Family family) {}

    private static final List<Ata> ATA =
            List.of(
                    new Ata(
                            "ID_ATA_WRITE_CACHE",
                            Family.gauge(
                                    "node_disk_ata_write_cache",
                                    "Whether a disk has a cache for writing.")),
                    new Ata(
                            "ID_ATA_WRITE_CACHE_ENABLED",
                            Family.gauge(
                                    "node_disk_ata_write_cache_enabled",
                                    "Whether a disk uses its cache for writing.")),
                    new Ata(
                            "ID_ATA_ROTATION_RATE_RPM",
                            Family.gauge(
                                    "node_disk_ata_rotation_rate_rpm",
                                    "Rotations a minute; 0 where nothing turns.")));

    private DiskInfo() {}

    static void add(NodeScrape scrape, DiskLine disk, SampleSet samples) {
        UdevProperties udev = UdevProperties.read(scrape, disk.major() + ":" + disk.minor());
        // sysfs has no slash in a name such as cciss/c0d0.
        Path folder = scrape.sys("block").resolve(disk.name().replace('/', '!'));
        @Nullable String rotational = scrape.value(folder.resolve("queue/rotational"));
        samples.family(INFO)
                .add(
                        Labels.of(
                                List.of(
                                        new Label("device", disk.name()),
                                        new Label("major", disk.major()),
                                        new Label("minor", disk.minor()),
                                        new Label("path", udev.first("ID_PATH")),
                                        new Label("wwn", udev.first("ID_WWN")),
                                        new Label("model", udev.first("ID_MODEL")),
                                        new Label(
                                                "serial",
                                                udev.first(
                                                        "SCSI_IDENT_SERIAL",
                                                        "ID_SERIAL_SHORT",
                                                        "ID_SERIAL")),
                                        new Label("revision", udev.first("ID_REVISION")),
                                        new Label(
                                                "rotational",
                                                rotational == null ? "0" : rotational))),
                        1);
        if (!udev.first("ID_FS_TYPE").isEmpty()) {
            addFileSystem(disk, udev, samples);
        }
        if (!udev.first("DM_NAME").isEmpty()) {
            addMapper(disk, udev, samples);
        }
        if (!udev.first("ID_ATA").isEmpty()) {
            addAta(disk, udev, samples);
        }
    }

    private static void addFileSystem(DiskLine disk, UdevProperties udev, SampleSet samples) {
        samples.family(FILE_SYSTEM)
                .add(
                        Labels.of(
                                List.of(
                                        new Label("device", disk.name()),
                                        new Label("type", udev.first("ID_FS_TYPE")),
                                        new Label("usage", udev.first("ID_FS_USAGE")),
                                        new Label("uuid", udev.first("ID_FS_UUID")),
                                        new Label("version", udev.first("ID_FS_VERSION")))),
                        1);
    }

    private static void addMapper(DiskLine disk, UdevProperties udev, SampleSet samples) {
        samples.family(MAPPER)
                .add(
                        Labels.of(
                                List.of(
                                        new Label("device", disk.name()),
                                        new Label("name", udev.first("DM_NAME")),
                                        new Label("uuid", udev.first("DM_UUID")),
                                        new Label("vg_name", udev.first("DM_VG_NAME")),
                                        new Label("lv_name", udev.first("DM_LV_NAME")),
                                        new Label("lv_layer", udev.first("DM_LV_LAYER")))),
                        1);
    }

    private static void addAta(DiskLine disk, UdevProperties udev, SampleSet samples) {
        Labels device = Labels.of("device", disk.name());
        for (Ata ata : ATA) {
            String value = udev.first(ata.property());
            if (value.matches("\\d{1,15}")) {
                samples.family(ata.family()).add(device, Double.parseDouble(value));
            }
        }
    }
}
