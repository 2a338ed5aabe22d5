// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files may stay open for metrics: half of what the process may have open, so that
 * connections never lack any. A container for which none are left is read by opening its files each
 * time.
 */
final class Descriptors {

    private static final Pattern LIMIT = Pattern.compile("Max open files +(\\d+|unlimited) ");
    private static final int MOST = 200_000;

    private final AtomicInteger left;

    Descriptors(int left) {
        this.left = new AtomicInteger(left);
    }

    /** Half of this process' own limit, see {@code RLIMIT_NOFILE} in getrlimit(2). */
    static Descriptors ofThisProcess() {
        String limits = KernelFile.text(Path.of("/proc/self/limits"));
        Matcher matcher = LIMIT.matcher(limits == null ? "" : limits);
        if (!matcher.find()) {
            return new Descriptors(0);
        }
        String limit = matcher.group(1);
        return new Descriptors(
                limit.equals("unlimited") ? MOST : (int) Math.min(MOST, Long.parseLong(limit) / 2));
    }

    /** Takes some; {@code false} when there are not so many left. */
    boolean take(int files) {
        int now = left.get();
        while (now >= files) {
            if (left.compareAndSet(now, now - files)) {
                return true;
            }
            now = left.get();
        }
        return false;
    }

    /** Gives back what was taken. */
    void giveBack(int files) {
        left.addAndGet(files);
    }

    int left() {
        return left.get();
    }
}
