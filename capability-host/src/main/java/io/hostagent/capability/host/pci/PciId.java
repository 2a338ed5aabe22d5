// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.pci;

/**
 * What a PCI device is by number.
 *
 * @param vendor such as 0x8086
 * @param device a number that the vendor gave
 */
public record PciId(int vendor, int device) {}
