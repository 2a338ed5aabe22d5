// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.Family;

/** Families with a sample for each network interface or device of a container. */
final class DeviceFamilies {

    static final Family RECEIVED_BYTES =
            Family.counter("container_network_receive_bytes_total", "Bytes received");
    static final Family RECEIVED_PACKETS =
            Family.counter("container_network_receive_packets_total", "Packets received");
    static final Family RECEIVE_ERRORS =
            Family.counter("container_network_receive_errors_total", "Errors while receiving");
    static final Family RECEIVE_DROPPED =
            Family.counter(
                    "container_network_receive_packets_dropped_total",
                    "Packets dropped while receiving");
    static final Family SENT_BYTES =
            Family.counter("container_network_transmit_bytes_total", "Bytes sent");
    static final Family SENT_PACKETS =
            Family.counter("container_network_transmit_packets_total", "Packets sent");
    static final Family SEND_ERRORS =
            Family.counter("container_network_transmit_errors_total", "Errors while sending");
    static final Family SEND_DROPPED =
            Family.counter(
                    "container_network_transmit_packets_dropped_total",
                    "Packets dropped while sending");

    static final Family TCP =
            Family.gauge("container_network_tcp_usage_total", "TCP sockets by state");
    static final Family TCP6 =
            Family.gauge("container_network_tcp6_usage_total", "TCP sockets of IPv6 by state");
    static final Family UDP =
            Family.gauge(
                    "container_network_udp_usage_total", "UDP sockets, and what waits in them");
    static final Family UDP6 =
            Family.gauge(
                    "container_network_udp6_usage_total",
                    "UDP sockets of IPv6, and what waits in them");

    static final Family READ_BYTES = Family.counter("container_fs_reads_bytes_total", "Bytes read");
    static final Family WRITTEN_BYTES =
            Family.counter("container_fs_writes_bytes_total", "Bytes written");
    static final Family READS = Family.counter("container_fs_reads_total", "Reads completed");
    static final Family WRITES = Family.counter("container_fs_writes_total", "Writes completed");
    static final Family SECTOR_READS =
            Family.counter("container_fs_sector_reads_total", "Sectors of 512 bytes read");
    static final Family SECTOR_WRITES =
            Family.counter("container_fs_sector_writes_total", "Sectors of 512 bytes written");
    static final Family READS_MERGED =
            Family.counter("container_fs_reads_merged_total", "Reads joined with others");
    static final Family WRITES_MERGED =
            Family.counter("container_fs_writes_merged_total", "Writes joined with others");
    static final Family READ_SECONDS =
            Family.counter("container_fs_read_seconds_total", "Time that reads took");
    static final Family WRITE_SECONDS =
            Family.counter("container_fs_write_seconds_total", "Time that writes took");
    static final Family IO_CURRENT =
            Family.gauge("container_fs_io_current", "Reads and writes on their way");
    static final Family IO_SECONDS =
            Family.counter("container_fs_io_time_seconds_total", "Time with any on their way");
    static final Family IO_WEIGHTED_SECONDS =
            Family.counter(
                    "container_fs_io_time_weighted_seconds_total",
                    "Time with any on their way, times how many");
    static final Family COST_USAGE =
            Family.counter(
                    "container_fs_io_cost_usage_seconds_total", "Device time by the cost model");
    static final Family COST_WAIT =
            Family.counter(
                    "container_fs_io_cost_wait_seconds_total", "Time waited for device time");
    static final Family COST_INDEBT =
            Family.counter("container_fs_io_cost_indebt_seconds_total", "Time spent in debt");
    static final Family COST_INDELAY =
            Family.counter("container_fs_io_cost_indelay_seconds_total", "Time delayed for a debt");
    static final Family DEVICE_USAGE =
            Family.counter("container_blkio_device_usage_total", "Bytes by device and operation");

    static final Family USED =
            Family.gauge("container_fs_usage_bytes", "Bytes in use on this file system");
    static final Family SIZE =
            Family.gauge("container_fs_limit_bytes", "Size of this file system in bytes");
    static final Family INODES =
            Family.gauge(
                    "container_fs_inodes_total",
                    "Inodes of this file system; of a container, those it uses");
    static final Family INODES_FREE =
            Family.gauge("container_fs_inodes_free", "Inodes that nobody uses; 0 of a container");

    private DeviceFamilies() {}
}
