// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.pci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Names of vendors and devices from the database of the PCI ID Project that comes with the agent.
 * It has 36,000 lines; they are read through at each look-up, and nothing but what was looked for
 * is kept.
 */
public final class PciNames {

    private static final String DATABASE = "pci.ids.gz";

    /** {@code 1af4 Red Hat, Inc.}, and with a tab in front a device of the vendor above. */
    private static final int DIGITS = 4;

    private static final int NAME = DIGITS + 2;

    private final Map<Integer, String> vendors = new HashMap<>();
    private final Map<PciId, String> devices = new HashMap<>();

    private PciNames() {}

    /** Looks names up: those of devices, and those of vendors of whose devices nobody asks. */
    public static PciNames lookUp(Collection<PciId> devices, Collection<Integer> vendors) {
        if (devices.isEmpty() && vendors.isEmpty()) {
            return new PciNames();
        }
        try (InputStream packed = PciNames.class.getResourceAsStream(DATABASE)) {
            if (packed == null) {
                throw new IllegalStateException(DATABASE + " is not in this build");
            }
            return lookUp(
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), UTF_8)),
                    devices,
                    vendors);
        } catch (IOException e) {
            throw new UncheckedIOException(DATABASE + " of this build cannot be read", e);
        }
    }

    static PciNames lookUp(
            BufferedReader database, Collection<PciId> devices, Collection<Integer> vendors)
            throws IOException {
        PciNames names = new PciNames();
        Set<Integer> wanted =
                Stream.concat(vendors.stream(), devices.stream().map(PciId::vendor))
                        .collect(Collectors.toSet());
        Set<PciId> wantedDevices = Set.copyOf(devices);
        boolean within = false;
        int vendor = 0;
        // Behind the vendors are the classes of devices, the first of them in a line "C 00".
        for (String line = database.readLine();
                line != null && !line.startsWith("C ");
                line = database.readLine()) {
            if (isEntry(line, 0)) {
                vendor = number(line, 0);
                within = wanted.contains(vendor);
                if (within) {
                    names.vendors.put(vendor, line.substring(NAME));
                }
            } else if (within && line.startsWith("\t") && isEntry(line, 1)) {
                PciId id = new PciId(vendor, number(line, 1));
                if (wantedDevices.contains(id)) {
                    names.devices.put(id, line.substring(1 + NAME));
                }
            }
        }
        return names;
    }

    /** Four hexadecimal digits, two spaces and a name. */
    private static boolean isEntry(String line, int start) {
        if (line.length() <= start + NAME || line.charAt(start + DIGITS) != ' ') {
            return false;
        }
        for (int i = start; i < start + DIGITS; i++) {
            if (Character.digit(line.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int number(String line, int start) {
        return Integer.parseInt(line, start, start + DIGITS, 16);
    }

    /** A vendor's name, or its number, as {@code lspci} writes it, when the database has none. */
    public String vendor(int vendor) {
        return vendors.getOrDefault(vendor, "Vendor %04x".formatted(vendor));
    }

    /** A device's name, or its number. */
    public String device(PciId id) {
        return devices.getOrDefault(id, "Device %04x".formatted(id.device()));
    }
}
