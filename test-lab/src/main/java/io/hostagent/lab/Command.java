// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().putAll(environment);
        directory.ifPresent(path -> builder.directory(path.toFile()));
        try {
            return new RunningCommand(line, builder.start());
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
