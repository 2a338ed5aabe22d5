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

class SmallCollectorsTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void tellOpenFiles() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThat(Collected.by(new FilefdCollector(), host.files()).values())
                .containsEntry("node_filefd_allocated", 1751.0)
                .containsEntry("node_filefd_maximum", 2466183.0)
                .hasSize(2);
    }

    @Test
    void failWhenTheNumberOfOpenFilesIsCutOff() {
        RecordedHost host = RecordedHost.in(folder).file("proc/sys/fs/file-nr", "12\t0\n");

        assertThatThrownBy(() -> Collected.by(new FilefdCollector(), host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("file-nr");
    }

    /** The largest number that the kernel can have there, 2^63 - 1. */
    @Test
    void tellThatThereIsNoLimit() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).file("proc/sys/fs/file-nr", "0\t0\t9223372036854775807\n");

        assertThat(Collected.by(new FilefdCollector(), host.files()).value("node_filefd_maximum"))
                .isEqualTo(0x1p63);
    }

    @Test
    void tellEntropy() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThat(Collected.by(new EntropyCollector(), host.files()).values())
                .containsEntry("node_entropy_available_bits", 256.0)
                .containsEntry("node_entropy_pool_size_bits", 256.0);
    }

    @Test
    void failOnAnEmptyFile() {
        RecordedHost host =
                RecordedHost.in(folder).file("proc/sys/kernel/random/entropy_avail", "");

        assertThatThrownBy(() -> Collected.by(new EntropyCollector(), host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("entropy_avail is empty");
    }

    @Test
    void tellHungTasksWhereTheKernelCountsThem() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThat(Collected.by(new KernelHungCollector(), host.files()).values())
                .containsEntry("node_kernel_hung_tasks_total", 0.0);
    }

    @Test
    void haveNoHungTasksOfAKernelThatDoesNotCountThem() {
        RecordedHost host = RecordedHost.in(folder);

        assertThatThrownBy(() -> Collected.by(new KernelHungCollector(), host.files()))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("6.13");
    }

    @Test
    void tellTheFirmwareWithoutWhatIsEmpty() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/desktop.tree");

        assertThat(Collected.by(new DmiCollector(), host.files()).values())
                .containsOnlyKeys(
                        "node_dmi_info{bios_vendor=\"American Megatrends Inc.\","
                                + "product_name=\"Standard PC \\\"Q35\\\"\",system_vendor=\"QEMU\"}");
    }

    @Test
    void haveNoFirmwareOfAMachineWithoutOne() {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThatThrownBy(() -> Collected.by(new DmiCollector(), host.files()))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("/sys/class/dmi/id");
    }

    @Test
    void tellErrorsOfMemory() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/desktop.tree");

        assertThat(Collected.by(new EdacCollector(), host.files()).values())
                .containsEntry("node_edac_correctable_errors_total{controller=\"0\"}", 1.0)
                .containsEntry("node_edac_uncorrectable_errors_total{controller=\"0\"}", 5.0)
                .containsEntry(
                        "node_edac_csrow_correctable_errors_total"
                                + "{controller=\"0\",csrow=\"unknown\"}",
                        2.0)
                .containsEntry(
                        "node_edac_csrow_correctable_errors_total{controller=\"0\",csrow=\"0\"}",
                        3.0)
                .containsEntry(
                        "node_edac_csrow_uncorrectable_errors_total"
                                + "{controller=\"0\",csrow=\"unknown\"}",
                        6.0)
                .containsEntry(
                        "node_edac_csrow_uncorrectable_errors_total"
                                + "{controller=\"0\",csrow=\"0\"}",
                        4.0)
                .hasSize(6);
    }

    @Test
    void tellOfSelinuxThatIsOn() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/desktop.tree");

        assertThat(Collected.by(new SelinuxCollector(), host.files()).values())
                .containsEntry("node_selinux_enabled", 1.0)
                .containsEntry("node_selinux_current_mode", 1.0)
                .containsEntry("node_selinux_config_mode", 0.0)
                .containsEntry("node_selinux_avc_lookups_total", 15.0)
                .containsEntry("node_selinux_avc_hits_total", 13.0)
                .containsEntry("node_selinux_avc_frees_total", 1.0)
                .containsEntry("node_selinux_avc_hash_entries", 503.0)
                .containsEntry("node_selinux_avc_hash_buckets_used", 283.0)
                .containsEntry("node_selinux_avc_hash_buckets_available", 512.0)
                .containsEntry("node_selinux_avc_hash_longest_chain", 7.0)
                .containsEntry("node_selinux_avc_threshold", 512.0)
                .hasSize(14);
    }

    @Test
    void tellOfSelinuxThatIsOff() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThat(Collected.by(new SelinuxCollector(), host.files()).values())
                .containsOnlyKeys("node_selinux_enabled")
                .containsValue(0.0);
    }

    @Test
    void tellOfWatchdogsWhatTheirDriversDo() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/desktop.tree");

        assertThat(Collected.by(new WatchdogCollector(), host.files()).values())
                .containsEntry("node_watchdog_bootstatus{name=\"watchdog0\"}", 1.0)
                .containsEntry("node_watchdog_timeout_seconds{name=\"watchdog0\"}", 60.0)
                .containsEntry(
                        "node_watchdog_info{identity=\"Software Watchdog\",name=\"watchdog0\","
                                + "state=\"active\",status=\"0x8000\"}",
                        1.0)
                .hasSize(5);
    }
}
