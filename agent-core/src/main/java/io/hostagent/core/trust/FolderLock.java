// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to change files of the data folder, held by one thread of one process at a time. The
 * agent and the command line take it for some milliseconds, so waiting ends in an error rather than
 * in a hang.
 */
final class FolderLock implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(5);

    /**
     * Keeps the threads of this process apart. The lock of a file cannot: it belongs to the
     * process, and is lost when any thread closes any channel of that file.
     */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    static FolderLock acquire(Path folder) throws IOException {
        Path file = folder.resolve(".lock");
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!THREADS.tryLock()) {
            pause(file, deadline);
        }
        try {
            return new FolderLock(locked(folder, file, deadline));
        } catch (IOException | RuntimeException e) {
            THREADS.unlock();
            throw e;
        }
    }

    /** Replaces a file of the folder; asks for the lock by being its method. */
    void write(Path file, byte[] content) throws IOException {
        PrivateFile.write(file, content);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            THREADS.unlock();
        }
    }

    private static FileChannel locked(Path folder, Path file, long deadline) throws IOException {
        Files.createDirectories(folder);
        boolean mine = !Files.exists(file);
        FileChannel channel = FileChannel.open(file, Set.of(CREATE, WRITE), PrivateFile.ONLY_OWNER);
        try {
            if (mine) {
                PrivateFile.giveToOwnerOf(folder, file);
            }
            FileLock lock = channel.tryLock();
            while (lock == null) {
                pause(file, deadline);
                lock = channel.tryLock();
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void pause(Path file, long deadline) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException(file + " is held by another process; try again");
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}
