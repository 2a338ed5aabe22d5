// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Extended attributes of files in every namespace, which is where the kernel keeps capabilities and
 * access lists, too. The JDK shows those of users only.
 */
@SuppressWarnings("restricted") // calls into the C library, which a test may
final class Xattrs {

    private static final int LARGEST = 64 * 1024;

    private static final MethodHandle LIST =
            libc("llistxattr", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle GET =
            libc("lgetxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle SET =
            libc("lsetxattr", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);

    private Xattrs() {}

    private static MethodHandle libc(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(result, arguments));
    }

    /** The attributes of a file, the values as hexadecimal digits. */
    static Map<String, String> of(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            MemorySegment names = arena.allocate(LARGEST);
            long length = (long) LIST.invokeExact(path, names, (long) LARGEST);
            check(length, "list", file);
            Map<String, String> found = new TreeMap<>();
            String all = new String(names.asSlice(0, length).toArray(JAVA_BYTE), UTF_8);
            for (String name : all.split("\0", -1)) {
                if (!name.isEmpty()) {
                    MemorySegment value = arena.allocate(LARGEST);
                    long size =
                            (long)
                                    GET.invokeExact(
                                            path, arena.allocateFrom(name), value, (long) LARGEST);
                    check(size, name, file);
                    byte[] bytes = value.asSlice(0, size).toArray(JAVA_BYTE);
                    found.put(name, HexFormat.of().formatHex(bytes));
                }
            }
            return found;
        } catch (Throwable e) {
            throw new IllegalStateException(file + ": " + e, e);
        }
    }

    /** Sets one, given as hexadecimal digits. */
    static void set(Path file, String name, String value) {
        byte[] bytes = HexFormat.of().parseHex(value);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            MemorySegment content = arena.allocateFrom(JAVA_BYTE, bytes);
            int done =
                    (int)
                            SET.invokeExact(
                                    path,
                                    arena.allocateFrom(name),
                                    content,
                                    (long) bytes.length,
                                    0);
            check(done, name, file);
        } catch (Throwable e) {
            throw new IllegalStateException(file + ": " + e, e);
        }
    }

    private static void check(long result, String what, Path file) {
        if (result < 0) {
            throw new IllegalStateException("no " + what + " of " + file);
        }
    }
}
