// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import java.util.Arrays;

/**
 * For how long each processor did what, as {@code /proc/stat} told at last. The kernel's counters
 * of waiting go back a little now and then, which a counter of Prometheus must not: a smaller
 * number is not taken. When the time without work goes back by seconds, though, the processor was
 * away and begins anew.
 */
final class CpuSeconds {

    /** In the order of {@code /proc/stat}. */
    static final int USER = 0;

    static final int NICE = 1;
    static final int IDLE = 3;
    static final int STEAL = 7;
    static final int GUEST = 8;
    static final int GUEST_NICE = 9;
    static final int MODES = 10;

    /** Ticks a second, {@code USER_HZ}: the same on every Linux of today. */
    private static final double TICKS = 100;

    private static final double JUMP_SECONDS = 3;

    private static final int MOST = 8192;

    private double[][] seconds = new double[0][];
    private boolean[] there = new boolean[0];
    private final double[] read = new double[MODES];
    private int count;
    private boolean changed;

    /** Takes the lines {@code cpu0}, {@code cpu1} and so on; processors without one are away. */
    void take(KernelText stat) throws KernelFormatException {
        boolean[] before = there.clone();
        Arrays.fill(there, false);
        count = 0;
        while (stat.line()) {
            if (!stat.field() || !stat.startsWith("cpu")) {
                if (count > 0) {
                    break;
                }
                continue;
            }
            if (!stat.is("cpu")) {
                takeCpu(stat);
            }
        }
        changed = !Arrays.equals(before, there);
        forgetTheAbsent();
    }

    /** One that comes back counts from 0. */
    private void forgetTheAbsent() {
        for (int cpu = 0; changed && cpu < there.length; cpu++) {
            if (!there[cpu] && seconds[cpu] != null) {
                Arrays.fill(seconds[cpu], 0);
            }
        }
    }

    private void takeCpu(KernelText stat) throws KernelFormatException {
        stat.behind('u');
        long cpu = stat.number();
        if (cpu < 0 || cpu >= MOST) {
            throw new KernelFormatException("a processor of number " + cpu);
        }
        int number = (int) cpu;
        Arrays.fill(read, 0);
        // An old kernel tells about fewer modes.
        for (int mode = 0; mode < MODES && stat.field(); mode++) {
            read[mode] = stat.unsigned() / TICKS;
        }
        if (number >= seconds.length) {
            int size = Math.max(number + 1, seconds.length * 2);
            seconds = Arrays.copyOf(seconds, size);
            there = Arrays.copyOf(there, size);
        }
        if (seconds[number] == null) {
            seconds[number] = new double[MODES];
        }
        merge(seconds[number]);
        there[number] = true;
        count++;
    }

    private void merge(double[] known) {
        if (known[IDLE] - read[IDLE] >= JUMP_SECONDS) {
            Arrays.fill(known, 0);
        }
        for (int mode = 0; mode < MODES; mode++) {
            known[mode] = Math.max(known[mode], read[mode]);
        }
    }

    /** One more than the largest number that a processor has had. */
    int size() {
        return there.length;
    }

    /** How many processors there are. */
    int count() {
        return count;
    }

    /** Whether a processor came or went since the time before. */
    boolean changed() {
        return changed;
    }

    /** Whether there is a processor of this number. */
    boolean has(int cpu) {
        return there[cpu];
    }

    /** What it did. */
    double of(int cpu, int mode) {
        return seconds[cpu][mode];
    }
}
