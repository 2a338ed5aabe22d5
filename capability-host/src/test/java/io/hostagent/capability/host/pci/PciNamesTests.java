// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.pci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class PciNamesTests {

    private static final PciId VIRTIO_NETWORK = new PciId(0x1af4, 0x1041);
    private static final PciId NVIDIA = new PciId(0x10de, 0x2206);

    @Test
    void areInTheDatabaseOfTheAgent() {
        PciNames names = PciNames.lookUp(List.of(VIRTIO_NETWORK, NVIDIA), List.of(0x144d));

        assertThat(names.vendor(0x1af4)).isEqualTo("Red Hat, Inc.");
        assertThat(names.device(VIRTIO_NETWORK)).isEqualTo("Virtio 1.0 network device");
        assertThat(names.vendor(0x10de)).isEqualTo("NVIDIA Corporation");
        assertThat(names.device(NVIDIA)).isEqualTo("GA102 [GeForce RTX 3080]");
        assertThat(names.vendor(0x144d)).isEqualTo("Samsung Electronics Co Ltd");
    }

    @Test
    void areNumbersWhereTheDatabaseHasNone() {
        PciId unknown = new PciId(0x7ffe, 0x1);
        PciNames names = PciNames.lookUp(List.of(unknown), List.of());

        assertThat(names.vendor(0x7ffe)).isEqualTo("Vendor 7ffe");
        assertThat(names.device(unknown)).isEqualTo("Device 0001");
    }

    /** Subsystems have two tabs, and behind the vendors come classes that look like them. */
    @Test
    void areThoseOfVendorsAndDevicesAlone() throws IOException {
        String database =
                """
                # a comment
                0010  One
                \t0001  First
                \t\t0010 0002  Of somebody else
                # another
                \t0002  Second
                0011  Two
                \t0001  First of two
                C 00  Unclassified device
                \t0002  No device
                """;
        List<PciId> wanted =
                List.of(
                        new PciId(0x10, 1),
                        new PciId(0x10, 2),
                        new PciId(0x11, 1),
                        new PciId(0, 2));

        PciNames names =
                PciNames.lookUp(new BufferedReader(new StringReader(database)), wanted, List.of());

        assertThat(wanted.stream().map(names::device))
                .containsExactly("First", "Second", "First of two", "Device 0002");
        assertThat(names.vendor(0x11)).isEqualTo("Two");
    }
}
