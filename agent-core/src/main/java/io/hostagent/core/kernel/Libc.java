// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Calls of the C library for which there is no file and nothing in the JDK. They are looked up when
 * the first one is made: an agent that nobody asks pays nothing for them. Offsets are those of
 * 64-bit Linux, which x86-64 and arm64 share.
 */
final class Libc {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Libc() {}

    /** A function of the library that gives an {@code int} and sets {@code errno}. */
    static MethodHandle function(String name, MemoryLayout... arguments) {
        return link(name, arguments, Linker.Option.captureCallState("errno"));
    }

    /** One that takes more arguments than it names, beginning with one of them. */
    static MethodHandle variadic(String name, int first, MemoryLayout... arguments) {
        return link(
                name,
                arguments,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(first));
    }

    @SuppressWarnings("restricted") // the agent is started with access to native code
    private static MethodHandle link(
            String name, MemoryLayout[] arguments, Linker.Option... options) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, arguments),
                options);
    }

    /** Where a call leaves its {@code errno}. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** A pointer, as an argument. */
    static MemoryLayout pointer() {
        return ADDRESS;
    }
}
