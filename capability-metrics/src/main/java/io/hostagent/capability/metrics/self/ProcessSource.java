// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the agent's process uses, under the names that cAdvisor and node_exporter have for
 * themselves. It tells of whatever process reads it.
 */
public final class ProcessSource implements MetricSource {

    private static final Family CPU =
            Family.counter(
                    "process_cpu_seconds_total",
                    "Processor time that the agent has used, in user mode and in the kernel.");
    private static final Family OPEN =
            Family.gauge("process_open_fds", "File descriptors that the agent has open.");
    private static final Family MOST_OPEN =
            Family.gauge("process_max_fds", "File descriptors that the agent may have open.");
    private static final Family RESIDENT =
            Family.gauge("process_resident_memory_bytes", "Memory that the agent occupies.");
    private static final Family VIRTUAL =
            Family.gauge("process_virtual_memory_bytes", "Address space that the agent has taken.");
    private static final Family MOST_VIRTUAL =
            Family.gauge(
                    "process_virtual_memory_max_bytes",
                    "Address space that the agent may take; 1.8446744073709552e19: any.");
    private static final Family START =
            Family.gauge("process_start_time_seconds", "When the agent was started, in Unix time.");

    private static final Family UNREAD =
            Family.gauge(
                    "agent_process_unread_files",
                    "Files about the agent's process that could not be read.");

    /** Kernel time in {@code /proc} is counted in hundredths of a second on all of Linux. */
    private static final double TICKS = 100;

    private static final double UNLIMITED = 0x1p64;

    private final Path proc;
    private final KernelText text = new KernelText();

    /** The process that this runs in. */
    public ProcessSource() {
        this(Path.of("/proc"));
    }

    ProcessSource(Path proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public List<String> collectors() {
        return List.of();
    }

    @Override
    public List<SampleSet> scrape(ScrapeRequest request, long deadline) {
        SampleSet samples = new SampleSet();
        Path self = proc.resolve("self");
        int unread = 0;
        unread += part(() -> stat(self.resolve("stat"), samples));
        unread += part(() -> memory(self.resolve("status"), samples));
        unread += part(() -> limits(self.resolve("limits"), samples));
        unread += part(() -> samples.family(OPEN).add((double) descriptors(self.resolve("fd"))));
        samples.family(UNREAD).add(unread);
        return List.of(samples);
    }

    private interface Part {
        void read() throws IOException;
    }

    /** Reads one file; 1 when it cannot be read, and its families are missing. */
    private static int part(Part part) {
        try {
            part.read();
            return 0;
        } catch (IOException e) {
            return 1;
        }
    }

    /** {@code /proc/PID/stat}, see proc_pid_stat(5); the name may have spaces and parentheses. */
    private void stat(Path file, SampleSet samples) throws IOException {
        text.read(file);
        String all = text.all();
        String[] fields = all.substring(all.lastIndexOf(')') + 2).split(" ", -1);
        double used = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        samples.family(CPU).add(used / TICKS);
        double started = Double.parseDouble(fields[19]) / TICKS;
        text.read(proc.resolve("stat"));
        while (text.line()) {
            if (text.field() && text.is("btime") && text.field()) {
                samples.family(START).add(text.number() + started);
            }
        }
    }

    /** {@code VmRSS} and {@code VmSize}, which are in KiB. */
    private void memory(Path file, SampleSet samples) throws IOException {
        text.read(file);
        while (text.line()) {
            if (text.field() && text.is("VmRSS:") && text.field()) {
                samples.family(RESIDENT).add(text.number() * 1024.0);
            } else if (text.is("VmSize:") && text.field()) {
                samples.family(VIRTUAL).add(text.number() * 1024.0);
            }
        }
    }

    /** The soft limits, which come first. */
    private void limits(Path file, SampleSet samples) throws IOException {
        text.read(file);
        while (text.line()) {
            if (text.field() && text.is("Max") && text.field()) {
                if (text.is("open") && text.skip(2)) {
                    samples.family(MOST_OPEN).add(limit());
                } else if (text.is("address") && text.skip(2)) {
                    samples.family(MOST_VIRTUAL).add(limit());
                }
            }
        }
    }

    private double limit() throws IOException {
        return text.is("unlimited") ? UNLIMITED : text.unsigned();
    }

    /** A kernel from 6.2 on tells by the folder's size; an older one has to be counted. */
    private static long descriptors(Path folder) throws IOException {
        long size = Files.size(folder);
        if (size > 0) {
            return size;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            // The folder itself is open while it is counted.
            return entries.count() - 1;
        }
    }
}
