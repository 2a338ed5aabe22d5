// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a small file says, noticed anew within a second when another process replaces it.
 *
 * <p>Nothing runs while nobody asks. Whoever asks and finds the last look older than a second looks
 * at the file's stamp (one system call); only when that differs, which is as rare as an operator's
 * command, is the file read, and by the asking thread: to answer from the old content meanwhile
 * would let a token pass once more that was revoked an hour ago. Files are limited in size, and
 * were written a moment before, so this takes well below a millisecond.
 *
 * <p>While the file cannot be read, asking fails: nobody is let in by guess.
 */
final class WatchedFile<T> {

    private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

    /** Turns the file into what it says. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Path file) throws IOException;
    }

    private record Look<T>(FileStamp stamp, @Nullable T value, @Nullable String failure, long at) {

        Look<T> stillTrue(long now) {
            return new Look<>(stamp, value, failure, now);
        }
    }

    private final Path file;
    private final Reading<T> reading;
    private final Ticker ticker;
    private final Object turn = new Object();
    private volatile Look<T> look;

    /** Reads the file at once, so that an agent with a damaged one does not start. */
    WatchedFile(Path file, Reading<T> reading, Ticker ticker) throws IOException {
        this.file = file;
        this.reading = reading;
        this.ticker = ticker;
        FileStamp stamp = FileStamp.of(file);
        this.look = new Look<>(stamp, reading.read(file), null, ticker.read());
    }

    T current() throws IOException {
        Look<T> seen = look;
        if (ticker.read() - seen.at() >= INTERVAL) {
            seen = lookAgain();
        }
        T value = seen.value();
        if (value == null) {
            throw new IOException(seen.failure());
        }
        return value;
    }

    /** Reads the file now, after this process changed it. */
    void reload() {
        synchronized (turn) {
            look = read(FileStamp.of(file), ticker.read());
        }
    }

    private Look<T> lookAgain() {
        synchronized (turn) {
            Look<T> seen = look;
            long now = ticker.read();
            if (now - seen.at() < INTERVAL) {
                return seen;
            }
            FileStamp stamp = FileStamp.of(file);
            boolean same = stamp.equals(seen.stamp()) && seen.failure() == null;
            Look<T> next = same ? seen.stillTrue(now) : read(stamp, now);
            if (!same && next.failure() == null) {
                log.info("Read {} again: it has changed", file);
            }
            look = next;
            return next;
        }
    }

    private Look<T> read(FileStamp stamp, long now) {
        try {
            return new Look<>(stamp, reading.read(file), null, now);
        } catch (IOException e) {
            String failure = String.valueOf(e.getMessage());
            if (!failure.equals(look.failure())) {
                log.error("Nobody is let in by {} until this is put right: {}", file, failure);
            }
            return new Look<>(stamp, null, failure, now);
        }
    }
}
