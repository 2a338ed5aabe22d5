// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Calls of the C library on open folders, for which Java has no methods: all that take a name take
 * it relative to a handle. Each throws a {@link KernelException} when the kernel refuses.
 *
 * <p>They block, and a thread in one cannot be interrupted: on a file system whose server is gone
 * that lasts until it is back. So they belong on threads of their own.
 */
@SuppressWarnings("restricted") // Native calls are what it is for; the launcher allows them.
final class Kernel {

    /** fcntl(2), statx(2); the same on x86-64 and arm64 but for the two that differ. */
    static final int O_RDONLY = 0;

    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;

    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
    static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

    private static final int AT_FDCWD = -100;

    /** Everything that {@link FileStatus} holds: statx(2), STATX_BASIC_STATS and the mount's ID. */
    private static final int STATX_WANTED = 0x7ff | 0x1000;

    private static final int STATX_SIZE = 256;

    /** openat2(2), on every CPU. */
    private static final long SYS_OPENAT2 = 437;

    private static final int OPEN_HOW_SIZE = 24;
    private static final int NAME_BUFFER = 4096;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle OPENAT =
            function("openat", 3, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle SYSCALL =
            function("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle STATX =
            function("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle READLINKAT =
            function("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle MKDIRAT =
            function("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle UNLINKAT =
            function("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RENAMEAT =
            function("renameat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle LINKAT =
            function("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SYMLINKAT =
            function("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle GETDENTS =
            function("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle FCHMOD = function("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle FCHOWN =
            function("fchown", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle FCHOWNAT =
            function("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle FUTIMENS = function("futimens", JAVA_INT, JAVA_INT, ADDRESS);

    private Kernel() {}

    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                CAPTURE);
    }

    private static MethodHandle function(
            String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                CAPTURE,
                Linker.Option.firstVariadicArg(fixed));
    }

    /** One call, whose negative result is a refusal. */
    @FunctionalInterface
    private interface Call {
        long make(Arena arena, MemorySegment state) throws Throwable;
    }

    private static long call(String name, Call call) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.make(arena, state);
            if (result < 0) {
                throw new KernelException(name, (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (KernelException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("The call " + name + " could not be made", e);
        }
    }

    /** Opens a folder by a path of this process. */
    static int openRoot(String path) throws KernelException {
        return openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
    }

    static int openat(int folder, String name, int flags, int mode) throws KernelException {
        return (int)
                call(
                        "openat",
                        (arena, state) ->
                                (int)
                                        OPENAT.invokeExact(
                                                state,
                                                folder,
                                                arena.allocateFrom(name),
                                                flags | O_CLOEXEC,
                                                mode));
    }

    /** openat2(2): the kernel resolves a whole path within a folder's bounds. */
    static int openat2(int folder, String path, long flags, long resolve) throws KernelException {
        return (int)
                call(
                        "openat2",
                        (arena, state) -> {
                            MemorySegment how = arena.allocate(OPEN_HOW_SIZE, 8);
                            how.set(JAVA_LONG, 0, flags | O_CLOEXEC);
                            how.set(JAVA_LONG, 16, resolve);
                            return (long)
                                    SYSCALL.invokeExact(
                                            state,
                                            SYS_OPENAT2,
                                            folder,
                                            arena.allocateFrom(path),
                                            how,
                                            (long) OPEN_HOW_SIZE);
                        });
    }

    static void close(int handle) throws KernelException {
        call("close", (arena, state) -> (int) CLOSE.invokeExact(state, handle));
    }

    /** Describes a name in a folder without following it, or the handle itself by no name. */
    static FileStatus status(int folder, byte[] name) throws KernelException {
        int flags = AT_SYMLINK_NOFOLLOW | (name.length == 0 ? AT_EMPTY_PATH : 0);
        FileStatus[] found = new FileStatus[1];
        call(
                "statx",
                (arena, state) -> {
                    MemorySegment buffer = arena.allocate(STATX_SIZE, 8);
                    MemorySegment text = arena.allocate(name.length + 1L);
                    MemorySegment.copy(name, 0, text, JAVA_BYTE, 0, name.length);
                    int result =
                            (int)
                                    STATX.invokeExact(
                                            state, folder, text, flags, STATX_WANTED, buffer);
                    if (result == 0) {
                        found[0] = FileStatus.read(buffer);
                    }
                    return result;
                });
        return found[0];
    }

    /** Where a symbolic link points to, as it is written there. */
    static String readlink(int folder, String name) throws IOException {
        byte[][] target = new byte[1][];
        call(
                "readlinkat",
                (arena, state) -> {
                    MemorySegment buffer = arena.allocate(NAME_BUFFER);
                    long length =
                            (long)
                                    READLINKAT.invokeExact(
                                            state,
                                            folder,
                                            arena.allocateFrom(name),
                                            buffer,
                                            (long) NAME_BUFFER);
                    if (length >= 0) {
                        target[0] = buffer.asSlice(0, length).toArray(JAVA_BYTE);
                    }
                    return length;
                });
        return new String(target[0], UTF_8);
    }

    static void mkdir(int folder, String name, int mode) throws KernelException {
        call(
                "mkdirat",
                (arena, state) ->
                        (int) MKDIRAT.invokeExact(state, folder, arena.allocateFrom(name), mode));
    }

    static void unlink(int folder, String name, boolean directory) throws KernelException {
        int flags = directory ? AT_REMOVEDIR : 0;
        call(
                "unlinkat",
                (arena, state) ->
                        (int) UNLINKAT.invokeExact(state, folder, arena.allocateFrom(name), flags));
    }

    static void rename(int from, String oldName, int to, String newName) throws KernelException {
        call(
                "renameat",
                (arena, state) ->
                        (int)
                                RENAMEAT.invokeExact(
                                        state,
                                        from,
                                        arena.allocateFrom(oldName),
                                        to,
                                        arena.allocateFrom(newName)));
    }

    /** Gives a file that is open, and may have no name yet, a name. */
    static void link(int handle, int folder, String name) throws KernelException {
        call(
                "linkat",
                (arena, state) ->
                        (int)
                                LINKAT.invokeExact(
                                        state,
                                        AT_FDCWD,
                                        arena.allocateFrom("/proc/self/fd/" + handle),
                                        folder,
                                        arena.allocateFrom(name),
                                        AT_SYMLINK_FOLLOW));
    }

    static void symlink(String target, int folder, String name) throws KernelException {
        call(
                "symlinkat",
                (arena, state) ->
                        (int)
                                SYMLINKAT.invokeExact(
                                        state,
                                        arena.allocateFrom(target),
                                        folder,
                                        arena.allocateFrom(name)));
    }

    /**
     * Reads the next entries of a folder that is open for reading, in the form of getdents64(2).
     *
     * @return bytes in the buffer, 0 at the end
     */
    static int entries(int folder, MemorySegment buffer) throws KernelException {
        return (int)
                call(
                        "getdents64",
                        (arena, state) ->
                                (long)
                                        GETDENTS.invokeExact(
                                                state, folder, buffer, buffer.byteSize()));
    }

    static void chmod(int handle, int mode) throws KernelException {
        call("fchmod", (arena, state) -> (int) FCHMOD.invokeExact(state, handle, mode));
    }

    static void chown(int handle, int user, int group) throws KernelException {
        call("fchown", (arena, state) -> (int) FCHOWN.invokeExact(state, handle, user, group));
    }

    /** Gives a name in a folder, be it a symbolic link, to somebody. */
    static void chown(int folder, String name, int user, int group) throws KernelException {
        call(
                "fchownat",
                (arena, state) ->
                        (int)
                                FCHOWNAT.invokeExact(
                                        state,
                                        folder,
                                        arena.allocateFrom(name),
                                        user,
                                        group,
                                        AT_SYMLINK_NOFOLLOW));
    }

    /** Sets the time of the last change, in seconds since 1970, and that of the last access. */
    static void touch(int handle, long seconds) throws KernelException {
        call(
                "futimens",
                (arena, state) -> {
                    MemorySegment times = arena.allocate(4 * JAVA_LONG.byteSize(), 8);
                    times.setAtIndex(JAVA_LONG, 0, seconds);
                    times.setAtIndex(JAVA_LONG, 2, seconds);
                    return (int) FUTIMENS.invokeExact(state, handle, times);
                });
    }
}
