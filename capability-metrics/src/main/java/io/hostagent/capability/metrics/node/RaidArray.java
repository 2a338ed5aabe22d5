// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array of disks, as {@code /proc/mdstat} tells about it in three lines or more: what it is and
 * of which disks, how large it is and which disks it has, and maybe how far it is being rebuilt.
 *
 * @param activity what it does
 * @param required how many disks it should have
 * @param active how many it has that work
 * @param failed how many it has that do not
 * @param spare how many wait to stand in
 * @param blocks how large it is, in KiB
 * @param synced how much of that is as it should be
 */
record RaidArray(
        String name,
        Activity activity,
        long required,
        long active,
        long failed,
        long spare,
        long blocks,
        long synced) {

    /** What an array does. */
    enum Activity {
        ACTIVE,
        INACTIVE,
        /** Puts together what a new disk needs. */
        RECOVERING,
        /** Makes disks the same that are not. */
        RESYNCING,
        /** Looks whether they are the same. */
        CHECKING,
        /** Becomes one of another kind. */
        RESHAPING,
        /** Something that the kernel did not do when this was written. */
        OTHER
    }

    private static final Pattern DISKS = Pattern.compile("\\[(\\d+)/(\\d+)\\] \\[[U_]+\\]");
    private static final Pattern PROGRESS = Pattern.compile("\\((\\d+)/\\d+\\)");

    /** Reads the file. */
    static List<RaidArray> parse(String mdstat) throws KernelFormatException {
        List<RaidArray> arrays = new ArrayList<>();
        List<String> lines = mdstat.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank()
                    && !Character.isWhitespace(line.charAt(0))
                    && !line.startsWith("Personalities")
                    && !line.startsWith("unused")) {
                arrays.add(array(line, lines.subList(i + 1, lines.size())));
            }
        }
        return arrays;
    }

    private static RaidArray array(String line, List<String> below) throws KernelFormatException {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length < 3 || below.isEmpty()) {
            throw new KernelFormatException("'" + line + "' is no array of disks");
        }
        String status = below.getFirst();
        long blocks = blocks(status);
        long required = 0;
        long active = 0;
        if (line.contains("raid0") || line.contains("linear")) {
            // Without redundancy an array that runs has all of its disks.
            required = line.chars().filter(c -> c == '[').count();
            active = required;
        } else if (!words[2].equals("inactive")) {
            Matcher disks = DISKS.matcher(status);
            if (!disks.find()) {
                throw new KernelFormatException("'" + status + "' does not count disks");
            }
            required = Long.parseLong(disks.group(1));
            active = Long.parseLong(disks.group(2));
        }
        String sync = syncLine(below);
        Activity activity = sync.isEmpty() ? activity(words[2]) : syncActivity(sync);
        return new RaidArray(
                words[0],
                activity,
                required,
                active,
                count(line, "(F)"),
                count(line, "(S)"),
                blocks,
                sync.isEmpty() ? blocks : synced(sync));
    }

    private static Activity activity(String word) {
        return switch (word) {
            case "active" -> Activity.ACTIVE;
            case "inactive" -> Activity.INACTIVE;
            default -> Activity.OTHER;
        };
    }

    /** The line on what is being rebuilt, which a bitmap's may stand before; empty: nothing is. */
    private static String syncLine(List<String> below) {
        for (String line : below.subList(1, below.size())) {
            if (line.isBlank() || !Character.isWhitespace(line.charAt(0))) {
                return "";
            }
            if (!line.contains("bitmap") && syncActivity(line) != Activity.OTHER) {
                return line;
            }
        }
        return "";
    }

    private static Activity syncActivity(String line) {
        if (line.contains("recovery")) {
            return Activity.RECOVERING;
        }
        if (line.contains("reshape")) {
            return Activity.RESHAPING;
        }
        if (line.contains("check")) {
            return Activity.CHECKING;
        }
        return line.contains("resync") ? Activity.RESYNCING : Activity.OTHER;
    }

    private static long synced(String line) throws KernelFormatException {
        if (line.contains("PENDING") || line.contains("DELAYED")) {
            return 0;
        }
        Matcher progress = PROGRESS.matcher(line);
        if (!progress.find()) {
            throw new KernelFormatException("'" + line + "' does not tell how far it is");
        }
        return Long.parseLong(progress.group(1));
    }

    private static long blocks(String status) throws KernelFormatException {
        String number = status.strip().split("\\s+", 2)[0];
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new KernelFormatException("'" + status + "' does not begin with a size");
        }
    }

    private static int count(String line, String mark) {
        return (line.length() - line.replace(mark, "").length()) / mark.length();
    }
}
