// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import static java.util.Objects.requireNonNull;

import io.hostagent.lab.DockerHost;
import io.hostagent.lab.RunningCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A server that runs on a host of the lab, and what the machine's kernel says of its process. */
final class HostProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    /** Ticks of {@code /proc/PID/stat} in a second, see sysconf(3). */
    private static final double USER_HZ = 100;

    /** Fields of {@code stat} behind the name, which may have blanks in it. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    private final RunningCommand command;

    private HostProcess(RunningCommand command) {
        this.command = command;
    }

    /** Starts one; it is there, and may not listen yet. */
    static HostProcess start(DockerHost host, List<String> command) {
        HostProcess started = new HostProcess(host.start(command.toArray(String[]::new)));
        Awaitility.await().atMost(START).until(() -> started.find() != null);
        return started;
    }

    /** The lab's script becomes it by way of others, which wait for it. */
    private @Nullable ProcessHandle find() {
        return command.process()
                .descendants()
                .filter(process -> process.children().findAny().isEmpty())
                .filter(process -> !name(process).matches("bash|nsenter|env|sh|unshare"))
                .findFirst()
                .orElse(null);
    }

    private static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm")).strip();
        } catch (IOException e) {
            return "sh"; // It has ended.
        }
    }

    /** What the machine calls it. */
    long pid() {
        return requireNonNull(find(), command::err).pid();
    }

    /** Processor time that it has used so far, in milliseconds. */
    double cpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        long ticks =
                Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS));
        return ticks * 1_000 / USER_HZ;
    }

    /** Its resident memory in megabytes. */
    double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e6)
                .sum();
    }

    /** What it has written so far. */
    String output() {
        return command.out() + command.err();
    }

    @Override
    public void close() {
        ProcessHandle process = find();
        if (process != null) {
            process.destroy();
            Awaitility.await().atMost(START).until(() -> !process.isAlive());
        }
        command.close();
    }
}
