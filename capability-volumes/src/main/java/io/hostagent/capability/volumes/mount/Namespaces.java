// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The mount namespaces of this host that have a process in them, with the mounts of each. */
final class Namespaces {

    private static final Pattern CONTAINER =
            Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

    /** States of a process that runs no more; see proc_pid_stat(5). */
    private static final String ENDED = "ZXx";

    private final Path proc;

    Namespaces(Path proc) {
        this.proc = proc;
    }

    /** One that was looked at by way of a process. */
    record Look(String namespace, int pid, String mountinfo) {}

    /** The namespace of this process. */
    String own() throws IOException {
        return Files.readSymbolicLink(proc.resolve("self/ns/mnt")).toString();
    }

    /** All of them, those first in which this process may look at everything. */
    List<Look> all() throws IOException {
        Map<String, Map<String, List<Integer>>> members = new LinkedHashMap<>();
        List<Integer> hidden = new ArrayList<>();
        for (int pid : numbers(proc)) {
            if (!sort(pid, members, hidden)) {
                // Its first thread has ended, and others may live on.
                for (int thread : threads(pid)) {
                    sort(thread, members, hidden);
                }
            }
        }
        List<Look> looks = new ArrayList<>();
        for (Map.Entry<String, Map<String, List<Integer>>> entry : members.entrySet()) {
            looks.addAll(looks(entry.getKey(), entry.getValue()));
        }
        addHidden(hidden, looks);
        return looks;
    }

    /** Whether a process, or a thread of one, is there to be looked at. */
    private boolean sort(
            int pid, Map<String, Map<String, List<Integer>>> members, List<Integer> hidden)
            throws IOException {
        try {
            String namespace = link(pid, "ns/mnt");
            String root = link(pid, "root");
            members.computeIfAbsent(namespace, first -> new LinkedHashMap<>())
                    .computeIfAbsent(root, first -> new ArrayList<>())
                    .add(pid);
        } catch (AccessDeniedException e) {
            hidden.add(pid);
        } catch (IOException e) {
            skipEnded(pid, e);
            return false;
        }
        return true;
    }

    /**
     * The mounts of a process are to be read also where its namespace has no name for this process.
     * The number of a mount, with which a line begins, is that of one namespace.
     */
    private void addHidden(List<Integer> pids, List<Look> looks) throws IOException {
        Set<String> known = new HashSet<>();
        looks.forEach(look -> known.add(firstNumber(look.mountinfo())));
        for (int pid : pids) {
            String mountinfo = mountinfo(pid);
            if (!mountinfo.isEmpty() && known.add(firstNumber(mountinfo))) {
                looks.add(new Look("hidden:" + firstNumber(mountinfo), pid, mountinfo));
            }
        }
    }

    private static String firstNumber(String mountinfo) {
        return mountinfo.substring(0, Math.max(0, mountinfo.indexOf(' ')));
    }

    /** A process below a root of its own sees no mount beside that, so others are preferred. */
    private List<Look> looks(String namespace, Map<String, List<Integer>> byRoot)
            throws IOException {
        List<Integer> whole = byRoot.get("/");
        Collection<List<Integer>> views = whole == null ? byRoot.values() : List.of(whole);
        List<Look> looks = new ArrayList<>();
        for (List<Integer> pids : views) {
            look(namespace, pids).ifPresent(looks::add);
        }
        return looks;
    }

    /** The threads of a process; none when it has ended as a whole. */
    private List<Integer> threads(int pid) throws IOException {
        try {
            return numbers(proc.resolve(pid + "/task"));
        } catch (IOException e) {
            skipEnded(pid, e);
            return List.of();
        }
    }

    /** The processes, or the threads of one, that a folder lists. */
    private static List<Integer> numbers(Path folder) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[0-9]*")) {
            for (Path entry : entries) {
                numbers.add(Integer.valueOf(entry.getFileName().toString()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        numbers.sort(null);
        return numbers;
    }

    private String link(int pid, String name) throws IOException {
        return Files.readSymbolicLink(proc.resolve(pid + "/" + name)).toString();
    }

    /** The next process is asked when one ends meanwhile. */
    private Optional<Look> look(String namespace, List<Integer> pids) throws IOException {
        for (int pid : pids) {
            String mountinfo = mountinfo(pid);
            try {
                if (!mountinfo.isEmpty() && link(pid, "ns/mnt").equals(namespace)) {
                    return Optional.of(new Look(namespace, pid, mountinfo));
                }
            } catch (IOException e) {
                skipEnded(pid, e);
            }
        }
        return Optional.empty();
    }

    /** The name of a process' program; empty when it cannot be told. */
    String command(int pid) {
        return text(pid + "/comm").strip();
    }

    /** The container that a process is in: the innermost, where one is in another. */
    Optional<String> container(int pid) {
        Matcher ids = CONTAINER.matcher(text(pid + "/cgroup"));
        String last = null;
        while (ids.find()) {
            last = ids.group();
        }
        return Optional.ofNullable(last);
    }

    /** Its mounts; empty when it has ended. */
    private String mountinfo(int pid) throws IOException {
        try {
            return read(pid + "/mountinfo");
        } catch (IOException e) {
            skipEnded(pid, e);
            return "";
        }
    }

    /**
     * A process that has ended has no mounts. One that cannot be looked at for another reason may
     * use a volume, which must not be denied.
     */
    private void skipEnded(int pid, IOException failure) throws IOException {
        if (!(failure instanceof NoSuchFileException) && !hasEnded(pid)) {
            throw new IOException(
                    "who uses volumes cannot be told, as the mounts of process "
                            + pid
                            + " cannot be read ("
                            + failure
                            + "): start the container with --privileged and --pid=host",
                    failure);
        }
    }

    /** One that nobody has waited for yet is there, and has no mounts any more. */
    private boolean hasEnded(int pid) {
        String stat = text(pid + "/stat");
        int state = stat.lastIndexOf(')') + 2;
        return (state < stat.length() && ENDED.indexOf(stat.charAt(state)) >= 0)
                || Files.notExists(proc.resolve(Integer.toString(pid)));
    }

    /** What only describes a process, and may be missing. */
    private String text(String file) {
        try {
            return read(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** Paths and names are bytes, and some are no UTF-8. */
    private String read(String file) throws IOException {
        return new String(Files.readAllBytes(proc.resolve(file)), UTF_8);
    }
}
