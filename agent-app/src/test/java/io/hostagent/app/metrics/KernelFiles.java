// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import io.hostagent.lab.DockerHost;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the kernel's files say of one container at one moment, as read with {@code cat} on its host:
 * nothing of the agent's code is in between.
 */
final class KernelFiles {

    /** What separates the files in the output of one command. */
    private static final String MARK = "==> ";

    private final Map<String, String> files = new HashMap<>();

    private KernelFiles() {}

    /** Reads those of a container, of the cgroup hierarchies that this machine has. */
    static KernelFiles of(DockerHost host, String id, String pid) {
        // The folder of a container is named by its ID in each hierarchy.
        String script =
                "for d in $(find /sys/fs/cgroup -type d -name '*"
                        + id
                        + "*'); do for f in $d/*; do case $f in *[a-z]) echo \""
                        + MARK
                        + "${f##*/}\"; cat $f 2>/dev/null;; esac; done; done; for f in net/dev"
                        + " stat; do echo \""
                        + MARK
                        + "$f\"; cat /proc/"
                        + pid
                        + "/$f; done";
        KernelFiles read = new KernelFiles();
        for (String part : host.exec("sh", "-c", script).out().split("(?m)^" + MARK, -1)) {
            int line = part.indexOf('\n');
            if (line > 0) {
                // Where both versions of cgroups have a file, such as cpu.stat, each has lines that
                // the other has not.
                read.files.merge(part.substring(0, line), part.substring(line + 1), String::concat);
            }
        }
        return read;
    }

    /** Whether there is such a file with anything in it. */
    boolean has(String file) {
        return !files.getOrDefault(file, "").isBlank();
    }

    private List<String> lines(String file) {
        String text = files.get(file);
        if (text == null) {
            throw new AssertionError("no file " + file + " among " + files.keySet());
        }
        return text.lines().toList();
    }

    /** The one number of a file. */
    double number(String file) {
        return Double.parseDouble(lines(file).getFirst().strip());
    }

    /** The number behind a word that begins a line. */
    double number(String file, String key) {
        return lines(file).stream()
                .map(line -> line.split("\\s+", -1))
                .filter(fields -> fields[0].equals(key))
                .mapToDouble(fields -> Double.parseDouble(fields[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " in " + file));
    }

    /**
     * Seconds that some tasks, or all of them, waited: {@code total} of a pressure file.
     *
     * @param who {@code some} or {@code full}
     */
    double pressure(String what, String who) {
        return lines(what + ".pressure").stream()
                .filter(line -> line.startsWith(who + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf("total=") + 6)))
                .map(microseconds -> microseconds / 1e6)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + who + " in " + what));
    }

    /** The sum of the last fields of the lines that fit. */
    double sum(String file, Predicate<String> fits) {
        return lines(file).stream()
                .filter(fits)
                .map(line -> line.strip().split("\\s+", -1))
                .mapToDouble(fields -> Double.parseDouble(fields[fields.length - 1]))
                .sum();
    }

    /** A column of an interface in {@code net/dev}, counted from 0. */
    double network(String device, int column) {
        return lines("net/dev").stream()
                .map(line -> line.strip().split("[:\\s]+", -1))
                .filter(fields -> fields[0].equals(device))
                .mapToDouble(fields -> Double.parseDouble(fields[column + 1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + device));
    }

    @Override
    public String toString() {
        return Arrays.toString(files.keySet().toArray());
    }
}
