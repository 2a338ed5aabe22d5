// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;

/** How much memory the machine has, from {@code /proc/meminfo}, which counts in kibibytes. */
final class MemoryTotals {

    private static final double UNIT = 1024;

    private double total;
    private double swap;
    private double freeSwap;

    /** Takes them from the file that was read. */
    void parse(KernelText text) throws KernelFormatException {
        while (text.line()) {
            if (!text.field()) {
                continue;
            }
            if (text.is("MemTotal:")) {
                total = next(text);
            } else if (text.is("SwapTotal:")) {
                swap = next(text);
            } else if (text.is("SwapFree:")) {
                freeSwap = next(text);
            }
        }
    }

    private static double next(KernelText text) throws KernelFormatException {
        if (!text.field()) {
            throw new KernelFormatException("meminfo has a line without a number");
        }
        return text.unsigned() * UNIT;
    }

    double totalBytes() {
        return total;
    }

    double swapBytes() {
        return swap;
    }

    double usedSwapBytes() {
        return swap - freeSwap;
    }
}
