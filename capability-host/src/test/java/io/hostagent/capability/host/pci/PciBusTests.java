// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PciBusTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void hasTheDevicesByAddress() throws IOException {
        List<PciDevice> devices = devices(host().with("microvm.tree"));

        assertThat(devices).hasSize(6).extracting(PciDevice::address).isSorted();
        assertThat(devices)
                .contains(
                        new PciDevice("0000:00:00.0", new PciId(0x8086, 0x0d57), 0x060000, null),
                        new PciDevice(
                                "0000:00:03.0", new PciId(0x1af4, 0x1041), 0x020000, "virtio-pci"));
    }

    @Test
    void knowsGraphicsCardsByTheirClass() throws IOException {
        assertThat(devices(host().with("desktop.tree")))
                .filteredOn(PciDevice::isGraphics)
                .extracting(PciDevice::driver)
                .containsExactly("i915", "nvidia", "amdgpu");
    }

    @Test
    void hasNoneOnABoardWithoutTheBus() throws IOException {
        assertThat(devices(host())).isEmpty();
    }

    @Test
    void failsWhenItIsThereAndCannotBeRead() {
        RecordedHost host = host().file("sys/bus/pci/devices", "no folder");

        assertThatThrownBy(() -> devices(host)).isInstanceOf(IOException.class);
    }

    private RecordedHost host() {
        return RecordedHost.in(folder);
    }

    private static List<PciDevice> devices(RecordedHost host) throws IOException {
        return new PciBus(host.sys()).devices();
    }
}
