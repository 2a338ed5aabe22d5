// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a lab can leave on the machine.
 *
 * @param processes those in its cgroups or with its name in their command line
 * @param networkNamespaces those that these processes live in
 * @param mounts of its files, or of a name space
 * @param interfaces its bridge and the cables to its hosts
 * @param groups its cgroups
 * @param files its sockets and disks
 */
record Leftovers(
        Set<String> processes,
        Set<String> networkNamespaces,
        Set<String> mounts,
        Set<String> interfaces,
        Set<String> groups,
        Set<String> files) {

    static final Leftovers NONE =
            new Leftovers(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

    static Set<String> inhabitedNetworkNamespaces() throws IOException {
        return perProcess(Leftovers::networkNamespace);
    }

    private static boolean isOf(int number, Path process) {
        return read(process.resolve("cgroup")).contains("/lab" + number + "-")
                || read(process.resolve("cmdline")).contains("host-agent-lab-" + number);
    }

    private static String describe(Path process) {
        return process.getFileName() + " " + read(process.resolve("cmdline")).replace('\0', ' ');
    }

    private static String networkNamespace(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/net")).toString();
        } catch (IOException e) {
            return ""; // a process that has ended
        }
    }

    static Leftovers of(int number) throws IOException {
        String state = "host-agent-lab-" + number;
        return new Leftovers(
                perProcess(process -> isOf(number, process) ? describe(process) : ""),
                perProcess(process -> isOf(number, process) ? networkNamespace(process) : ""),
                read(Path.of("/proc/self/mounts"))
                        .lines()
                        .filter(line -> line.contains(state) || line.contains("nsfs"))
                        .collect(sorted()),
                NetworkInterface.networkInterfaces()
                        .map(NetworkInterface::getName)
                        .filter(
                                name ->
                                        name.startsWith("lab" + number + "-")
                                                || name.equals("hostagentlab" + number))
                        .collect(sorted()),
                named(Path.of("/sys/fs/cgroup"), 2, "lab" + number + "-"),
                files(state));
    }

    private static Set<String> files(String state) throws IOException {
        Set<String> files = named(Path.of("/var/lib"), 1, state);
        Path sockets = Path.of("/run", state);
        if (Files.isDirectory(sockets)) {
            try (Stream<Path> entries = Files.list(sockets)) {
                entries.map(Path::toString)
                        .filter(entry -> !entry.endsWith("/lab.lock"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static Set<String> named(Path folder, int depth, String prefix) throws IOException {
        try (Stream<Path> entries = Files.walk(folder, depth)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix))
                    .map(Path::toString)
                    .collect(sorted());
        }
    }

    private static Set<String> perProcess(Function<Path, String> describe) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .map(describe)
                    .filter(text -> !text.isEmpty())
                    .collect(sorted());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // a process that has ended
        }
    }

    private static Collector<String, ?, TreeSet<String>> sorted() {
        return Collectors.toCollection(TreeSet::new);
    }
}
