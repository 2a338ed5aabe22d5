// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskstatsCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final DiskstatsCollector all = new DiskstatsCollector(NameFilter.ALL);

    @Test
    void tellsWholeDisksInBytesAndSeconds() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        Collected found =
                Collected.by(new DiskstatsCollector(NodeSettings.DEFAULTS.disks()), host.files());

        assertThat(found.values())
                .allSatisfy((key, value) -> assertThat(key).contains("device=\"vda\""))
                .containsEntry(
                        "node_disk_info{device=\"vda\",major=\"254\",minor=\"0\","
                                + "rotational=\"1\"}",
                        1.0)
                .hasSize(18);
        assertThat(found.types())
                .containsEntry("node_disk_io_now", "gauge")
                .containsEntry("node_disk_info", "gauge")
                .containsEntry("node_disk_read_bytes_total", "counter")
                .containsEntry("node_disk_flush_requests_time_seconds_total", "counter");
    }

    @Test
    void convertsEachColumn() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file(
                                "proc/diskstats",
                                " 8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n");

        assertThat(Collected.by(all, host.files()).values())
                .containsEntry(of("reads_completed_total"), 1.0)
                .containsEntry(of("reads_merged_total"), 2.0)
                .containsEntry(of("read_bytes_total"), 1536.0)
                .containsEntry(of("read_time_seconds_total"), 0.004)
                .containsEntry(of("writes_completed_total"), 5.0)
                .containsEntry(of("writes_merged_total"), 6.0)
                .containsEntry(of("written_bytes_total"), 3584.0)
                .containsEntry(of("write_time_seconds_total"), 0.008)
                .containsEntry(of("io_now"), 9.0)
                .containsEntry(of("io_time_seconds_total"), 0.01)
                .containsEntry(of("io_time_weighted_seconds_total"), 0.011)
                .containsEntry(of("discards_completed_total"), 12.0)
                .containsEntry(of("discards_merged_total"), 13.0)
                .containsEntry(of("discarded_sectors_total"), 14.0)
                .containsEntry(of("discard_time_seconds_total"), 0.015)
                .containsEntry(of("flush_requests_total"), 16.0)
                .containsEntry(of("flush_requests_time_seconds_total"), 0.017);
    }

    @Test
    void leavesOutWhatAnOldKernelDoesNotCount() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).file("proc/diskstats", "8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n");

        assertThat(Collected.by(all, host.files()).values())
                .containsKey(of("io_time_weighted_seconds_total"))
                .doesNotContainKey(of("discards_completed_total"))
                .hasSize(12);
    }

    @Test
    void tellsWhatUdevFoundOut() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .with("node/desktop.tree")
                        .file("proc/diskstats", "8 0 sda 1\n253 0 dm-0 2\n");

        assertThat(Collected.by(all, host.files()).values())
                .containsKeys(
                        "node_disk_info{device=\"sda\",major=\"8\",minor=\"0\","
                                + "model=\"ST3500630NS\",path=\"pci-0000:00:1f.2-ata-1\","
                                + "revision=\"3.AEK\",rotational=\"1\",serial=\"9QG0K6AD\","
                                + "wwn=\"0x5000c5003cb5ec43\"}",
                        "node_disk_filesystem_info{device=\"sda\",type=\"ext4\","
                                + "usage=\"filesystem\",uuid=\"5e7a=b\",version=\"1.0\"}",
                        "node_disk_device_mapper_info{device=\"dm-0\",lv_name=\"root\","
                                + "name=\"vg-root\",uuid=\"LVM-x\",vg_name=\"vg\"}")
                .containsEntry(of("ata_write_cache"), 1.0)
                .containsEntry(of("ata_write_cache_enabled"), 0.0)
                .containsEntry(of("ata_rotation_rate_rpm"), 7200.0);
    }

    @Test
    void takesTheLargestNumberThereIs() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).file("proc/diskstats", "8 0 sda 18446744073709551615\n");

        assertThat(Collected.by(all, host.files()).value(of("reads_completed_total")))
                .isEqualTo(0x1p64);
    }

    @Test
    void failsOnALineThatIsCutOff() {
        RecordedHost host = RecordedHost.in(folder).file("proc/diskstats", "8 0\n");

        assertThatThrownBy(() -> Collected.by(all, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("/proc/diskstats");
    }

    private static String of(String name) {
        return "node_disk_" + name + "{device=\"sda\"}";
    }
}
