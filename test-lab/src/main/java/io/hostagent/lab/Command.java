// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program with its arguments, ready to be run on this machine.
 *
 * @param line program and arguments
 * @param environment variables added to those of this process
 * @param directory where it runs, or empty for the directory of this process
 */
record Command(List<String> line, Map<String, String> environment, Optional<Path> directory) {

    Command {
        line = List.copyOf(line);
        environment = Map.copyOf(environment);
    }

    static Command of(List<String> line) {
        return new Command(line, Map.of(), Optional.empty());
    }

    Command with(String name, String value) {
        Map<String, String> extended = new HashMap<>(environment);
        extended.put(name, value);
        return new Command(line, extended, directory);
    }

    RunningCommand start() {
        return new RunningCommand(line, launch(builder()));
    }

    /** Runs it to its end, its output thrown away by the kernel; gives the time that it took. */
    Duration discard(Duration timeout) {
        long start = System.nanoTime();
        Process process =
                launch(builder().redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT));
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException(line + " takes longer than " + timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while waiting for " + line, e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new LabException(line + " ended with " + process.exitValue());
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().putAll(environment);
        directory.ifPresent(path -> builder.directory(path.toFile()));
        return builder;
    }

    private Process launch(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new LabException("Could not start " + line, e);
        }
    }

    CommandResult run(byte[] stdin, Duration timeout) {
        RunningCommand running = start();
        Thread.ofPlatform().daemon().name("lab-input").start(() -> feed(running, stdin));
        return running.await(timeout);
    }

    private static void feed(RunningCommand running, byte[] stdin) {
        try (OutputStream sink = running.stdin()) {
            sink.write(stdin);
        } catch (IOException e) {
            // A program need not read its input to the end.
        }
    }
}
