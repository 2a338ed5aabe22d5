// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The IP addresses of a network, from {@code /proc/PID/net}. For IPv6 there is a file of addresses
 * and interfaces. For IPv4 there is a list of local addresses, and one of routes: an address is
 * taken for one of the interface whose connected network it is in, if there is exactly one.
 *
 * @param byInterface addresses and their prefix lengths by the name of an interface
 * @param elsewhere those whose interface cannot be told
 */
record NetworkAddresses(Map<String, List<String>> byInterface, List<String> elsewhere) {

    /** A leaf of the trie; what it is follows in the lines below it. */
    private static final String LEAF = "|-- ";

    private static final String OWN = "/32 host LOCAL";
    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");
    private static final int LOOPBACK = 127;
    private static final int COLUMN_GATEWAY = 2;
    private static final int COLUMN_MASK = 7;

    /**
     * Reads the three files.
     *
     * @param inet6 {@code if_inet6}: address, index, prefix length, scope, flags and name
     * @param trie {@code fib_trie}: the tables of the kernel's router, that of local addresses last
     * @param routes the main table alone, addresses in the byte order of the machine
     */
    static NetworkAddresses parse(String inet6, String trie, String routes) {
        Map<String, List<String>> byInterface = new HashMap<>();
        List<String> elsewhere = new ArrayList<>();
        List<Connected> networks = connected(routes);
        for (String address : localAddresses(trie)) {
            int number = number(address);
            List<Connected> holding =
                    networks.stream().filter(network -> network.holds(number)).toList();
            if (number >>> 24 == LOOPBACK) {
                add(byInterface, "lo", address + "/8");
            } else if (holding.size() == 1) {
                Connected network = holding.getFirst();
                add(byInterface, network.name(), address + "/" + Integer.bitCount(network.mask()));
            } else {
                elsewhere.add(address);
            }
        }
        for (String line : inet6.lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length == 6 && words[0].matches("[0-9a-f]{32}")) {
                add(
                        byInterface,
                        words[5],
                        text(HexFormat.of().parseHex(words[0]))
                                + "/"
                                + Integer.parseInt(words[2], 16));
            }
        }
        return new NetworkAddresses(byInterface, elsewhere);
    }

    private static void add(Map<String, List<String>> map, String name, String address) {
        map.computeIfAbsent(name, key -> new ArrayList<>()).add(address);
    }

    /** Each once: with one trie for both tables, which is usual, the file shows it twice. */
    private static Set<String> localAddresses(String trie) {
        Set<String> addresses = new LinkedHashSet<>();
        String leaf = "";
        for (String line : trie.lines().map(String::strip).toList()) {
            if (line.startsWith(LEAF)) {
                leaf = line.substring(LEAF.length());
            } else if (line.equals(OWN) && ADDRESS.matcher(leaf).matches()) {
                addresses.add(leaf);
            }
        }
        return addresses;
    }

    private static List<Connected> connected(String routes) {
        List<Connected> networks = new ArrayList<>();
        for (String line : routes.lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length > COLUMN_MASK
                    && words[1].matches("[0-9A-F]{8}")
                    && words[COLUMN_GATEWAY].equals("00000000")
                    && words[COLUMN_MASK].matches("[0-9A-F]{8}")
                    && !words[COLUMN_MASK].equals("00000000")) {
                networks.add(
                        new Connected(words[0], swapped(words[1]), swapped(words[COLUMN_MASK])));
            }
        }
        return networks;
    }

    /** Both machines that the agent is built for have the low byte first. */
    private static int swapped(String hexadecimal) {
        return Integer.reverseBytes(Integer.parseUnsignedInt(hexadecimal, 16));
    }

    private static int number(String address) {
        int number = 0;
        for (String part : address.split("\\.", -1)) {
            number = (number << 8) | (Integer.parseInt(part) & 0xff);
        }
        return number;
    }

    /** In the short form of RFC 5952. */
    private static String text(byte[] address) {
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private record Connected(String name, int network, int mask) {
        boolean holds(int address) {
            return (address & mask) == network;
        }
    }
}
