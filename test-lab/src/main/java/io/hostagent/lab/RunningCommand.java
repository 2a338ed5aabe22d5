// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A live process. What it writes is collected from the start, so that it never blocks on a full
 * pipe; closing it kills its whole process tree.
 */
public final class RunningCommand implements AutoCloseable {

    private static final Duration PIPES_CLOSE = Duration.ofSeconds(2);

    private final List<String> line;
    private final Process process;
    private final long startedNanos = System.nanoTime();
    private final Collector stdout;
    private final Collector stderr;

    RunningCommand(List<String> line, Process process) {
        this.line = List.copyOf(line);
        this.process = process;
        this.stdout = new Collector(process.getInputStream());
        this.stderr = new Collector(process.getErrorStream());
    }

    public Process process() {
        return process;
    }

    /** What the process reads; not buffered. */
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    /** Writes to the process at once. */
    public void send(String text) {
        try {
            process.getOutputStream().write(text.getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new LabException("Could not write to " + line + ": " + err(), e);
        }
    }

    /** Ends the input of the process. */
    public void closeStdin() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new LabException("Could not close the input of " + line, e);
        }
    }

    /** What the process has written to its standard output so far. */
    public String out() {
        return new String(stdout.bytes(), UTF_8);
    }

    /** What the process has written to its standard error so far. */
    public String err() {
        return new String(stderr.bytes(), UTF_8);
    }

    /** Waits until the standard output so far satisfies a condition. */
    public String awaitOut(Predicate<String> condition, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            boolean ended = stdout.ended();
            String text = out();
            if (condition.test(text)) {
                return text;
            }
            if (ended || System.nanoTime() > deadline) {
                throw new LabException(
                        "%s %s without the output awaited\n%s%s"
                                .formatted(line, ended ? "ended" : "ran on", err(), text));
            }
            stdout.awaitMore(Duration.ofMillis(100));
        }
    }

    /** Waits for the end; kills the process tree and throws if it does not end in time. */
    public CommandResult await(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                close();
                throw new LabException(
                        "%s did not end within %s\n%s%s".formatted(line, timeout, err(), out()));
            }
            Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
            stdout.awaitEnd(PIPES_CLOSE);
            stderr.awaitEnd(PIPES_CLOSE);
            return new CommandResult(process.exitValue(), stdout.bytes(), stderr.bytes(), duration);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while waiting for " + line, e);
        }
    }

    /** Kills the process and everything it started. */
    @Override
    public void close() {
        List<ProcessHandle> tree = process.descendants().toList();
        process.destroyForcibly();
        tree.forEach(ProcessHandle::destroyForcibly);
    }

    /** Reads a pipe to its end in a thread of its own. */
    private static final class Collector {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;
        private final Object monitor = new Object();

        Collector(InputStream source) {
            thread = Thread.ofPlatform().daemon().name("lab-output").unstarted(() -> copy(source));
            thread.start();
        }

        private void copy(InputStream source) {
            byte[] buffer = new byte[16 * 1024];
            try (source) {
                int count;
                while ((count = source.read(buffer)) >= 0) {
                    synchronized (monitor) {
                        bytes.write(buffer, 0, count);
                        monitor.notifyAll();
                    }
                }
            } catch (IOException e) {
                // The process was killed while this read: what came until then is the output.
            }
        }

        byte[] bytes() {
            synchronized (monitor) {
                return bytes.toByteArray();
            }
        }

        boolean ended() {
            return !thread.isAlive();
        }

        @SuppressWarnings("WaitNotInLoop") // the caller loops over a condition
        void awaitMore(Duration timeout) {
            try {
                synchronized (monitor) {
                    monitor.wait(timeout.toMillis());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("Interrupted while waiting for output", e);
            }
        }

        void awaitEnd(Duration timeout) throws InterruptedException {
            thread.join(timeout);
        }
    }
}
