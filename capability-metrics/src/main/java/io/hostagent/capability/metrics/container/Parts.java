// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_INACTIVE_FILE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_USAGE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_WORKING_SET;
import static io.hostagent.capability.metrics.container.ContainerValue.PRESSURE_CPU_STALLED;
import static io.hostagent.capability.metrics.container.ContainerValue.PRESSURE_CPU_WAITING;
import static io.hostagent.capability.metrics.container.ContainerValue.PRESSURE_IO_STALLED;
import static io.hostagent.capability.metrics.container.ContainerValue.PRESSURE_IO_WAITING;
import static io.hostagent.capability.metrics.container.ContainerValue.PRESSURE_MEMORY_STALLED;
import static io.hostagent.capability.metrics.container.ContainerValue.PRESSURE_MEMORY_WAITING;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import java.io.IOException;
import java.nio.file.Path;

/** What the readers of both versions do alike. */
final class Parts {

    private static final double MICROSECONDS = 1e6;

    private Parts() {}

    /** Takes from a file that was read what is to be known. */
    @FunctionalInterface
    interface Parser {
        void parse(KernelText text, Numbers numbers) throws KernelFormatException;
    }

    /** Reads one file; what is wrong in it is missing, and nothing else. */
    static boolean part(CgroupFile file, KernelText text, Numbers numbers, Parser parser)
            throws IOException {
        if (!file.read(text)) {
            return false;
        }
        try {
            parser.parse(text, numbers);
        } catch (KernelFormatException e) {
            numbers.malformed();
        }
        return true;
    }

    /** Reads a file whose one number is a value. */
    static boolean number(CgroupFile file, KernelText text, Numbers numbers, ContainerValue value)
            throws IOException {
        if (!file.read(text)) {
            return false;
        }
        try {
            numbers.set(value, number(text));
        } catch (KernelFormatException e) {
            numbers.malformed();
        }
        return true;
    }

    /** The one number of a file that was read; none where it says {@code max}. */
    static double number(KernelText text) throws KernelFormatException {
        if (!text.line() || !text.field()) {
            throw new KernelFormatException("an empty file where a number should be");
        }
        return text.is("max") ? Double.NaN : text.unsigned();
    }

    /** The one number of a file that is read seldom; {@code otherwise} where it says none. */
    static double limit(Path file, KernelText text, double otherwise) {
        try {
            text.read(file);
            double number = number(text);
            return Double.isNaN(number) ? otherwise : number;
        } catch (IOException e) {
            return otherwise;
        }
    }

    /** What is left of the memory in use without the file pages that nobody used lately. */
    static void workingSet(Numbers numbers) {
        if (numbers.has(MEMORY_USAGE)) {
            double idle = numbers.has(MEMORY_INACTIVE_FILE) ? numbers.get(MEMORY_INACTIVE_FILE) : 0;
            numbers.set(MEMORY_WORKING_SET, Math.max(0, numbers.get(MEMORY_USAGE) - idle));
        }
    }

    static void cpuPressure(KernelText text, Numbers numbers) throws KernelFormatException {
        pressure(text, numbers, PRESSURE_CPU_WAITING, PRESSURE_CPU_STALLED);
    }

    static void memoryPressure(KernelText text, Numbers numbers) throws KernelFormatException {
        pressure(text, numbers, PRESSURE_MEMORY_WAITING, PRESSURE_MEMORY_STALLED);
    }

    static void ioPressure(KernelText text, Numbers numbers) throws KernelFormatException {
        pressure(text, numbers, PRESSURE_IO_WAITING, PRESSURE_IO_STALLED);
    }

    /** Lines such as {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=4711}, in microseconds. */
    private static void pressure(
            KernelText text, Numbers numbers, ContainerValue some, ContainerValue full)
            throws KernelFormatException {
        while (text.line() && text.field()) {
            ContainerValue value = text.is("full") ? full : some;
            while (text.field()) {
                if (text.startsWith("total=") && text.behind('=')) {
                    numbers.set(value, text.unsigned() / MICROSECONDS);
                }
            }
        }
    }
}
