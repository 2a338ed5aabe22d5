// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * How far the copy is that a thread waits for. Nothing is counted while it goes on: whoever asks
 * has the kernel say how much the program has read by then.
 */
public final class CopyWatch {

    /** A number of bytes that nobody knows. */
    public static final long UNKNOWN = -1;

    private static final ScopedValue<CopyWatch> OF_THIS_THREAD = ScopedValue.newInstance();

    /** In {@code /proc/PID/io}, see proc_pid_io(5). */
    private static final String READ = "rchar: ";

    private volatile @Nullable Running running;

    private record Running(long pid, long total) {}

    /**
     * What is copied so far.
     *
     * @param bytes that were read
     * @param total of all there are, or {@link #UNKNOWN}
     */
    public record Copied(long bytes, long total) {

        /** Whether it is known how much there is to copy. */
        public boolean hasTotal() {
            return total != UNKNOWN;
        }
    }

    /** Does something whose copies this watches. */
    public <T> T during(Callable<T> work) throws Exception {
        return ScopedValue.where(OF_THIS_THREAD, this).call(work::call);
    }

    /** How far the copy is that goes on; empty when none does. */
    public Optional<Copied> now() {
        Running copy = running;
        if (copy == null) {
            return Optional.empty();
        }
        String counted;
        try {
            counted = Files.readString(Path.of("/proc", Long.toString(copy.pid()), "io"), US_ASCII);
        } catch (IOException e) {
            return Optional.empty(); // It has just ended.
        }
        return counted.lines()
                .filter(line -> line.startsWith(READ))
                .findFirst()
                .map(line -> Long.parseLong(line, READ.length(), line.length(), 10))
                .map(bytes -> new Copied(atMost(bytes, copy.total()), copy.total()));
    }

    /** A program reads its libraries, too. */
    private static long atMost(long bytes, long total) {
        return total == UNKNOWN ? bytes : Math.min(bytes, total);
    }

    /** A program copies for this thread now, until {@link #ended}. */
    static void began(Process program, long total) {
        if (OF_THIS_THREAD.isBound()) {
            OF_THIS_THREAD.get().running = new Running(program.pid(), total);
        }
    }

    static void ended() {
        if (OF_THIS_THREAD.isBound()) {
            OF_THIS_THREAD.get().running = null;
        }
    }
}
