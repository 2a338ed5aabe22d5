// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whether something was mounted or unmounted since it was last asked: poll(2) on a process'
 * {@code mountinfo}, see proc_pid_mountinfo(5). That is one system call, however many mounts there
 * are; reading them takes the kernel 10 µs for each that an engine makes. It holds one file open.
 * What becomes of a file system itself, such as that it goes read-only when its disk fails, is no
 * change of mounts. For one thread at a time.
 */
public final class MountChanges implements AutoCloseable {

    /** {@code struct pollfd}: fd, events, revents. */
    private static final long SIZE = 8;

    private static final long EVENTS = 4;
    private static final long ANSWERED = 6;
    private static final short POLLPRI = 0x2;

    private static final class Function {
        static final MethodHandle POLL = Libc.function("poll", Libc.pointer(), JAVA_LONG, JAVA_INT);
    }

    private final Path mountinfo;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private final MemorySegment asked = arena.allocate(SIZE, Integer.BYTES);
    private boolean open;

    /** Names the file, such as {@code /proc/1/mountinfo}; it is opened when it is first asked. */
    public MountChanges(Path mountinfo) {
        this.mountinfo = mountinfo;
    }

    /**
     * Whether there were any since the last time; so the first time, and always of a file that is
     * none of the kernel's own.
     *
     * @throws IOException when the file cannot be opened
     */
    public boolean any() throws IOException {
        if (!open) {
            // The kernel's own have no size. Others are never reported to have changed.
            open = Files.size(mountinfo) == 0 && open();
            return true;
        }
        asked.set(JAVA_SHORT, ANSWERED, (short) 0);
        return poll() < 0 || asked.get(JAVA_SHORT, ANSWERED) != 0;
    }

    private boolean open() throws IOException {
        int file = Descriptor.open(state, mountinfo.toString(), 0);
        if (file < 0) {
            throw new IOException(mountinfo + ": " + Reason.of(Libc.errno(state)));
        }
        asked.set(JAVA_INT, 0, file);
        asked.set(JAVA_SHORT, EVENTS, POLLPRI);
        return true;
    }

    private int poll() {
        try {
            return (int) Function.POLL.invokeExact(state, asked, 1L, 0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        try (arena) {
            if (open) {
                open = false;
                Descriptor.close(state, asked.get(JAVA_INT, 0));
            }
        }
    }
}
