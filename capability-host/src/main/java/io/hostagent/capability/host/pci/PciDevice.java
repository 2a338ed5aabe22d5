// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.pci;

import org.jspecify.annotations.Nullable;

/**
 * A device on the PCI bus.
 *
 * @param address such as {@code 0000:01:00.0}
 * @param id who made it and what it is
 * @param type class, subclass and programming interface in one, such as 0x030000
 * @param driver that serves it, or {@code null}
 */
public record PciDevice(String address, PciId id, int type, @Nullable String driver) {

    private static final int DISPLAY = 0x03;

    /** Whether it drives a display, or could: graphics cards, and those that only calculate. */
    public boolean isGraphics() {
        return type >> 16 == DISPLAY;
    }
}
