// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a container and what they have open: one look at each descriptor of each of
 * them, see proc_pid_fd(5). Without {@code CAP_SYS_PTRACE} the kernel shows no descriptors, and
 * they are not told then.
 */
final class ProcessCounts implements SlowNumbers.Source<ProcessCounts.Counts> {

    private static final Pattern OPEN_FILES =
            Pattern.compile("(?m)^Max open files +(\\d+|unlimited) ");

    /**
     * What was found.
     *
     * @param descriptors none when they could not be seen
     * @param sockets of these
     * @param threads none without the pids controller, and so on
     */
    record Counts(
            double processes,
            OptionalDouble descriptors,
            OptionalDouble sockets,
            OptionalDouble threads,
            OptionalDouble mostThreads,
            OptionalDouble openFilesLimit) {}

    @Override
    public Counts read(SlowNumbers.Target target, BooleanSupplier stop) throws IOException {
        List<String> processes = Files.readAllLines(target.processes());
        Path proc = target.files().proc();
        long descriptors = 0;
        long sockets = 0;
        boolean seen = processes.isEmpty();
        OptionalDouble limit = OptionalDouble.empty();
        for (String process : processes) {
            if (stop.getAsBoolean()) {
                break;
            }
            if (limit.isEmpty()) {
                limit = openFiles(KernelFile.text(proc.resolve(process).resolve("limits")));
            }
            try (DirectoryStream<Path> open =
                    Files.newDirectoryStream(proc.resolve(process).resolve("fd"))) {
                for (Path descriptor : open) {
                    descriptors++;
                    String what = KernelFile.linked(descriptor);
                    if (what != null && what.startsWith("socket:")) {
                        sockets++;
                    }
                }
                seen = true;
            } catch (IOException | DirectoryIteratorException e) {
                // It has ended, or may not be looked at.
            }
        }
        return new Counts(
                processes.size(),
                seen ? OptionalDouble.of((double) descriptors) : OptionalDouble.empty(),
                seen ? OptionalDouble.of((double) sockets) : OptionalDouble.empty(),
                number(target.tasks(), "pids.current"),
                number(target.tasks(), "pids.max"),
                limit);
    }

    private static OptionalDouble number(Path folder, String file) {
        String text = KernelFile.text(folder.resolve(file));
        if (text == null) {
            return OptionalDouble.empty();
        }
        return text.matches("\\d{1,18}")
                ? OptionalDouble.of(Double.parseDouble(text))
                : OptionalDouble.of(0);
    }

    /** The soft limit in the text of {@code /proc/PID/limits}; -1 without one. */
    static OptionalDouble openFiles(@Nullable String limits) {
        Matcher matcher = OPEN_FILES.matcher(limits == null ? "" : limits);
        if (!matcher.find()) {
            return OptionalDouble.empty();
        }
        String limit = matcher.group(1);
        return OptionalDouble.of(limit.equals("unlimited") ? -1 : Double.parseDouble(limit));
    }

    @Override
    public void add(Counts counts, Numbers numbers) {
        numbers.set(ContainerValue.PROCESSES, counts.processes());
        set(ContainerValue.FILE_DESCRIPTORS, counts.descriptors(), numbers);
        set(ContainerValue.SOCKETS, counts.sockets(), numbers);
        set(ContainerValue.THREADS, counts.threads(), numbers);
        set(ContainerValue.THREADS_MAX, counts.mostThreads(), numbers);
        set(ContainerValue.ULIMIT_OPEN_FILES, counts.openFilesLimit(), numbers);
    }

    private static void set(ContainerValue value, OptionalDouble number, Numbers numbers) {
        if (number.isPresent()) {
            numbers.set(value, number.getAsDouble());
        }
    }
}
