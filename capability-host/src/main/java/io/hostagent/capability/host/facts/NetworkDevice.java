// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line of {@code /proc/PID/net/dev}, which lists every network interface there is in the network
 * of a process.
 *
 * @param name such as {@code eth0}
 */
record NetworkDevice(
        String name,
        long receivedBytes,
        long receivedPackets,
        long receiveErrors,
        long receiveDrops,
        long sentBytes,
        long sentPackets,
        long sendErrors,
        long sendDrops) {

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,20} ?){16,}");
    private static final int SENT = 8;

    /** The interfaces of a file's text, in the kernel's order. */
    static List<NetworkDevice> parse(String text) {
        List<NetworkDevice> devices = new ArrayList<>();
        for (String line : text.lines().toList()) {
            // A name may have a colon in it, that of an alias.
            int colon = line.lastIndexOf(':');
            String numbers = line.substring(colon + 1).strip().replaceAll("\\s+", " ");
            if (colon > 0 && NUMBERS.matcher(numbers).matches()) {
                String[] words = numbers.split(" ", -1);
                devices.add(
                        new NetworkDevice(
                                line.substring(0, colon).strip(),
                                number(words[0]),
                                number(words[1]),
                                number(words[2]),
                                number(words[3]),
                                number(words[SENT]),
                                number(words[SENT + 1]),
                                number(words[SENT + 2]),
                                number(words[SENT + 3])));
            }
        }
        return devices;
    }

    private static long number(String digits) {
        return Long.parseUnsignedLong(digits);
    }
}
