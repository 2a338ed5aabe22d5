// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

/**
 * A block device as a line of {@code /proc/diskstats} names it.
 *
 * @param major number of its driver
 * @param minor number among those of the driver
 * @param name such as {@code sda}
 */
record DiskLine(String major, String minor, String name) {}
