// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import java.util.List;

/**
 * A number that sysfs tells about a network interface.
 *
 * @param file in the interface's folder
 */
record NetworkProperty(String file, Family family) {

    /** In Mbit/s; dashboards want bytes. */
    static final String SPEED = "speed";

    /** All that are told. */
    static final List<NetworkProperty> ALL =
            List.of(
                    gauge("addr_assign_type", "address_assign_type", "How it got its address."),
                    gauge("carrier", "carrier", "Whether there is a link, 1 or 0."),
                    counter("carrier_changes", "carrier", "How often the link came or went."),
                    counter("carrier_up_count", "carrier_up", "How often the link came."),
                    counter("carrier_down_count", "carrier_down", "How often the link went."),
                    gauge("dev_id", "device_id", "Tells devices apart that share a port."),
                    gauge("dormant", "dormant", "Whether it waits for something, 1 or 0."),
                    gauge("flags", "flags", "The kernel's flags, bit by bit."),
                    gauge("ifindex", "iface_id", "The number of the interface."),
                    gauge("iflink", "iface_link", "The number of the one that it sends through."),
                    gauge("link_mode", "iface_link_mode", "Whether it may be dormant, 1 or 0."),
                    gauge("mtu", "mtu_bytes", "The largest packet in bytes."),
                    gauge("name_assign_type", "name_assign_type", "How it got its name."),
                    gauge("netdev_group", "net_dev_group", "The group that it belongs to."),
                    gauge(SPEED, "speed_bytes", "Bytes a second that the link can carry."),
                    gauge("tx_queue_len", "transmit_queue_length", "Packets that may wait."),
                    gauge("type", "protocol_type", "What kind of link, as ARP numbers them."));

    private static NetworkProperty gauge(String file, String name, String help) {
        return new NetworkProperty(file, Family.gauge("node_network_" + name, help));
    }

    private static NetworkProperty counter(String file, String name, String help) {
        return new NetworkProperty(
                file, Family.counter("node_network_" + name + "_changes_total", help));
    }
}
