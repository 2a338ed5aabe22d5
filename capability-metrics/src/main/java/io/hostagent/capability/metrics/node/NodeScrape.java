// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.core.kernel.HostFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a collector reads in one scrape.
 *
 * @param files where the host's are
 * @param text to read them with, one file after the other
 * @param deadline by {@link System#nanoTime()}; for what can take longer than reading a file
 */
record NodeScrape(HostFiles files, KernelText text, long deadline) {

    /** One that has time. */
    NodeScrape(HostFiles files, KernelText text) {
        this(files, text, System.nanoTime() + Duration.ofMinutes(1).toNanos());
    }

    /** A file of {@code /proc} about what the machine has once. */
    Path proc(String file) {
        return files.proc().resolve(file);
    }

    /** A file of {@code /proc/net} about the host's own network, whatever network the agent has. */
    Path net(String file) {
        return files.first().orElse(files.proc()).resolve("net").resolve(file);
    }

    /** A file or folder of {@code /sys}. */
    Path sys(String file) {
        return files.sys().resolve(file);
    }

    /** How much time there is still; none when the deadline has passed. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /**
     * Reads a file that some hosts do not have.
     *
     * @param absent why there may be none
     * @throws NoDataException when there is none
     */
    KernelText optional(Path file, String absent) throws IOException {
        try {
            text.read(file);
            return text;
        } catch (FileNotFoundException e) {
            if (Files.notExists(file)) {
                throw new NoDataException(absent);
            }
            throw e;
        }
    }

    /** Reads a file that every host has. */
    KernelText read(Path file) throws IOException {
        text.read(file);
        return text;
    }

    /**
     * The one line that a small file holds, without the space around it; {@code null} when there is
     * none, it may not be read, or a driver has no answer: the kernel does not tell which.
     */
    @Nullable String value(Path file) {
        try {
            text.read(file);
        } catch (IOException e) {
            return null;
        }
        String value = text.all().strip();
        return value.isEmpty() ? null : value;
    }

    /** The number that a small file holds; empty as {@link #value} is absent. */
    OptionalDouble number(Path file) throws KernelFormatException {
        try {
            text.read(file);
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
        return text.line() && text.field()
                ? OptionalDouble.of(text.unsigned())
                : OptionalDouble.empty();
    }
}
