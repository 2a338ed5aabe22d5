// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Opens and closes files for calls that take their number, see open(2) and close(2). */
final class Descriptor {

    private static final int O_CLOEXEC = 0x80000;

    private static final class Function {
        static final MethodHandle OPEN = Libc.variadic("open", 2, Libc.pointer(), JAVA_INT);
        static final MethodHandle CLOSE = Libc.function("close", JAVA_INT);
    }

    private Descriptor() {}

    /**
     * Opens a file for reading, which no program inherits that is started meanwhile.
     *
     * @param state takes the {@code errno} when it fails
     * @param flags others than {@code O_CLOEXEC}
     * @return its number, or less than 0
     */
    static int open(MemorySegment state, String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    Function.OPEN.invokeExact(state, arena.allocateFrom(path), flags | O_CLOEXEC);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void close(MemorySegment state, int number) {
        try {
            int result = (int) Function.CLOSE.invokeExact(state, number);
            assert result == 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
