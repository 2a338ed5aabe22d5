// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.host.disk.BlockDevice.Kind;
import io.hostagent.capability.host.disk.BlockDevice.Partition;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDevicesTests {

    @TempDir private Path folder = Path.of("");

    private List<BlockDevice> desktop = List.of();

    @Test
    void findTheDiskOfAVirtualMachine() throws IOException {
        List<BlockDevice> disks = physical("microvm.tree");

        assertThat(disks).hasSize(1);
        BlockDevice disk = disks.getFirst();
        assertThat(disk.name()).isEqualTo("vda");
        assertThat(disk.bus()).isEqualTo("virtio");
        assertThat(disk.vendor()).isEqualTo("Red Hat, Inc.");
        assertThat(disk.sizeBytes()).isEqualTo(536870912L * 512);
    }

    /** No RAM, loop, device mapper, RAID, empty drive, empty slot, boot area or hidden path. */
    @Test
    void tellPhysicalDisksFromAllElse() throws IOException {
        assertThat(physical("desktop.tree"))
                .extracting(BlockDevice::name)
                .containsExactly("mmcblk0", "nvme0n1", "nvme1n1", "sda", "sdb", "xvda");
    }

    @Test
    void knowKindsAndBuses() throws IOException {
        assertThat(device("sda").bus()).isEqualTo("ata");
        assertThat(device("sdb").bus()).isEqualTo("usb");
        assertThat(device("nvme0n1").bus()).isEqualTo("nvme");
        assertThat(device("nvme1n1").bus()).isEqualTo("nvme");
        assertThat(device("mmcblk0").bus()).isEqualTo("mmc");
        assertThat(device("xvda").bus()).isEqualTo("xen");
        assertThat(device("sr0").kind()).isEqualTo(Kind.OPTICAL);
        assertThat(device("dm-0").kind()).isEqualTo(Kind.MAPPER);
        assertThat(device("md127").kind()).isEqualTo(Kind.RAID);
        assertThat(device("zram0").kind()).isEqualTo(Kind.MEMORY);
        assertThat(device("ram0").kind()).isEqualTo(Kind.MEMORY);
        assertThat(device("loop0").kind()).isEqualTo(Kind.LOOP);
        assertThat(device("nbd0").kind()).isEqualTo(Kind.OTHER);
        assertThat(device("mmcblk0boot0").kind()).isEqualTo(Kind.OTHER);
    }

    @Test
    void nameTheVendorWhereTheKernelDoes() throws IOException {
        assertThat(device("sdb").vendor()).isEqualTo("SanDisk");
        assertThat(device("sdb").model()).isEqualTo("Ultra");
        // "ATA" is the vendor of every disk on such a port.
        assertThat(device("sda").vendor()).isNull();
        assertThat(device("sda").model()).isEqualTo("WDC WD10EZEX-08W");
        // By the number of the controller; with several paths there is no single one.
        assertThat(device("nvme0n1").vendor()).isEqualTo("Samsung Electronics Co Ltd");
        assertThat(device("nvme0n1").model()).isEqualTo("SAMSUNG MZVLB512HBJQ-000L7");
        assertThat(device("nvme1n1").vendor()).isNull();
        assertThat(device("nvme1n1").model()).isEqualTo("INTEL SSDPE2KX010T8");
        assertThat(device("mmcblk0").model()).isEqualTo("SC32G");
    }

    @Test
    void haveTheirPartitionsAndWhatTheyAreBuiltUpon() throws IOException {
        assertThat(device("sda").partitions())
                .containsExactly(
                        new Partition("sda1", 1048576L * 512),
                        new Partition("sda2", 1952472064L * 512));
        assertThat(device("sda").rotational()).isTrue();
        assertThat(device("dm-0").below()).containsExactly("sda2");
        assertThat(device("md127").below()).containsExactly("nvme0n1");
    }

    @Test
    void takeADriveWithAMediumForADisk() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .with("desktop.tree")
                        .file(
                                "sys/devices/pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0"
                                        + "/block/sr0/size",
                                "7739776\n");

        assertThat(new BlockDevices(host.sys()).all())
                .filteredOn(BlockDevice::isPhysical)
                .extracting(BlockDevice::name)
                .contains("sr0");
    }

    @Test
    void failWithoutAList() {
        RecordedHost host = RecordedHost.in(folder);

        assertThatThrownBy(() -> new BlockDevices(host.sys()).all())
                .isInstanceOf(IOException.class);
    }

    private List<BlockDevice> physical(String recording) throws IOException {
        return new BlockDevices(RecordedHost.in(folder).with(recording).sys())
                .all().stream().filter(BlockDevice::isPhysical).toList();
    }

    private BlockDevice device(String name) throws IOException {
        if (desktop.isEmpty()) {
            desktop = new BlockDevices(RecordedHost.in(folder).with("desktop.tree").sys()).all();
        }
        return desktop.stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
