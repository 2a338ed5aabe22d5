// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The network interfaces of the host. {@code /proc/net} is that of whoever reads it, so those of
 * the host's first process are read; and sysfs shows the interfaces of the network in which it was
 * mounted, so the one below the host's root is asked for speed and state.
 */
final class NetworkFacts {

    private static final long BITS_PER_MEGABIT = 1_000_000;

    /** Beyond it, as on a router with all routes of the Internet, IPv4 addresses are left out. */
    private static final int LARGEST_TRIE = 4_000_000;

    private NetworkFacts() {}

    static Part read(HostFiles files) {
        Part part = new Part();
        if (files.first().isEmpty()) {
            files.missing().ifPresent(absence -> part.without("items", absence));
            return part;
        }
        Path net = files.first().get().resolve("net");
        String devices = KernelFile.text(net.resolve("dev"));
        if (devices == null) {
            return part.without(
                    "items",
                    "the network of the host's first process cannot be read",
                    "run the engine and the agent in the host's own user namespace");
        }
        String trie = text(net.resolve("fib_trie"));
        if (trie.length() >= LARGEST_TRIE) {
            part.without("items.addresses", "there are too many routes to find them", "");
            trie = "";
        }
        NetworkAddresses addresses =
                NetworkAddresses.parse(
                        text(net.resolve("if_inet6")), trie, text(net.resolve("route")));
        Path sys = files.sys().resolve("class/net");
        return part.with(
                        "items",
                        NetworkDevice.parse(devices).stream()
                                .map(device -> item(device, sys, addresses))
                                .toList())
                .with(
                        "otherAddresses",
                        addresses.elsewhere().isEmpty() ? null : addresses.elsewhere());
    }

    private static String text(Path file) {
        return Objects.requireNonNullElse(KernelFile.text(file), "");
    }

    private static Map<String, Object> item(
            NetworkDevice device, Path sys, NetworkAddresses addresses) {
        Path folder = sys.resolve(device.name());
        Long megabits = KernelFile.number(folder.resolve("speed"));
        return new Part()
                .with("name", device.name())
                .with("addresses", addresses.byInterface().getOrDefault(device.name(), List.of()))
                .with("hardwareAddress", KernelFile.text(folder.resolve("address")))
                .with("state", KernelFile.text(folder.resolve("operstate")))
                .with("mtuBytes", KernelFile.number(folder.resolve("mtu")))
                // A virtual interface has no speed, or -1.
                .with(
                        "speedBitsPerSecond",
                        megabits == null || megabits <= 0 ? null : megabits * BITS_PER_MEGABIT)
                .with("physical", physical(folder))
                .with("driver", KernelFile.linked(folder.resolve("device/driver")))
                .with("receivedBytes", device.receivedBytes())
                .with("receivedPackets", device.receivedPackets())
                .with("receiveErrors", device.receiveErrors())
                .with("receiveDrops", device.receiveDrops())
                .with("sentBytes", device.sentBytes())
                .with("sentPackets", device.sentPackets())
                .with("sendErrors", device.sendErrors())
                .with("sendDrops", device.sendDrops())
                .values();
    }

    /** Whether there is a device behind it; unknown where sysfs does not show the interface. */
    private static @Nullable Boolean physical(Path folder) {
        return Files.isDirectory(folder) ? Files.exists(folder.resolve("device")) : null;
    }
}
