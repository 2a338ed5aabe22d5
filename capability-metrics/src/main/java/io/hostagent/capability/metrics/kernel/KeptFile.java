// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of a cgroup that stays open from one scrape to the next: reading it again from its
 * beginning is one system call and gives new numbers, where opening it costs four times as much. It
 * is opened when it is first read. When the cgroup is gone, reading fails.
 *
 * <p>Files of {@code /proc/PID/net} must be closed at once: an open one keeps the network of a
 * container that has ended. For one thread at a time, which must never be interrupted: that closes
 * a channel.
 */
public final class KeptFile implements AutoCloseable {

    /** As much as is read at once, in bytes. */
    static final int PIECE = 16 << 10;

    /** One for each thread that scrapes, for as long as that thread lives. */
    private static final ThreadLocal<ByteBuffer> BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(PIECE));

    private static final Set<StandardOpenOption> READ = EnumSet.of(StandardOpenOption.READ);

    private final Path path;
    private @Nullable FileChannel channel;
    private boolean absent;

    /** Names a file; it is not opened yet. */
    public KeptFile(Path path) {
        this.path = path;
    }

    /**
     * Whether there is such a file. A kernel that does not have it when a cgroup is made will not
     * have it later, so it is looked for once.
     */
    public boolean exists() throws IOException {
        return open() != null;
    }

    private @Nullable FileChannel open() throws IOException {
        if (channel == null && !absent) {
            try {
                channel = FileChannel.open(path, READ);
            } catch (NoSuchFileException e) {
                absent = true;
            }
        }
        return channel;
    }

    /** Reads from a position on; returns how many bytes, or -1 at the end. */
    int read(byte[] into, int at, long position) throws IOException {
        FileChannel open = open();
        if (open == null) {
            throw new NoSuchFileException(path.toString());
        }
        ByteBuffer buffer = BUFFER.get();
        buffer.clear().limit(Math.min(buffer.capacity(), into.length - at));
        int got = open.read(buffer, position);
        if (got > 0) {
            buffer.get(0, into, at, got);
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
