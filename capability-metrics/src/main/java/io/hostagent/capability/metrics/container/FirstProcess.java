// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The first process of a container, or any other of it, through which its network is seen. Its
 * files are opened for each scrape: an open one would keep the network of a container that has
 * ended.
 *
 * @param folder its folder below {@code /proc}
 * @param started when it was started, in ticks since the machine was: another process of the same
 *     number was not started then, see field 22 in proc_pid_stat(5)
 */
record FirstProcess(Path folder, long started) {

    private static final int FIELDS_FROM_STATE_TO_START = 20;

    /**
     * Finds it.
     *
     * @param pid as the engine tells it, which is another one where the engine has processes of
     *     another count, as in a container
     * @param processes the cgroup's list of them
     */
    static Optional<FirstProcess> find(Path proc, int pid, String id, Path processes) {
        Path told = proc.resolve(Integer.toString(pid));
        if (pid > 0 && isIn(told, id)) {
            return at(told);
        }
        String text = KernelFile.text(processes);
        if (text == null) {
            return Optional.empty();
        }
        Optional<Path> first = Optional.empty();
        for (String line : text.lines().toList()) {
            // A process that this /proc does not count is number 0.
            if (line.equals("0")) {
                continue;
            }
            Path process = proc.resolve(line);
            if (isFirst(process)) {
                return at(process);
            }
            first = first.or(() -> Optional.of(process));
        }
        return first.filter(process -> isIn(process, id)).flatMap(FirstProcess::at);
    }

    private static boolean isIn(Path process, String id) {
        String cgroups = KernelFile.text(process.resolve("cgroup"));
        return cgroups != null && cgroups.contains(id);
    }

    /** Whether it is the first one in its own count of processes. */
    private static boolean isFirst(Path process) {
        String status = KernelFile.text(process.resolve("status"));
        return status != null
                && status.lines()
                        .filter(line -> line.startsWith("NSpid:"))
                        .anyMatch(line -> line.matches("NSpid:.*\\s1"));
    }

    private static Optional<FirstProcess> at(Path process) {
        try {
            KernelText text = new KernelText();
            return Optional.of(new FirstProcess(process, start(process, text)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it is still the same process. */
    boolean isThere(KernelText text) {
        try {
            return start(folder, text) == started;
        } catch (IOException e) {
            return false;
        }
    }

    private static long start(Path process, KernelText text) throws IOException {
        text.read(process.resolve("stat"));
        // Its name is in brackets and may have spaces and brackets itself.
        String all = text.all();
        String[] fields = all.substring(all.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length < FIELDS_FROM_STATE_TO_START) {
            throw new KernelFormatException("a process without a start");
        }
        try {
            return Long.parseLong(fields[FIELDS_FROM_STATE_TO_START - 1]);
        } catch (NumberFormatException e) {
            throw new KernelFormatException("a process whose start is no number");
        }
    }

    /** The interfaces of its network. */
    Path devices() {
        return folder.resolve("net/dev");
    }
}
