// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.error.BusyException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One lock for each volume that something is being done with, and none for the others. Engines do
 * not keep mounts of one volume apart.
 */
final class VolumeLocks {

    private final Map<VolumeName, Held> locks = new ConcurrentHashMap<>();

    private static final class Held {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int interested;
        private volatile String doing = "";
    }

    /**
     * Does something with a volume while nobody else does.
     *
     * @param doing in words, for those who wait in vain
     * @param limit how long to wait for others
     * @throws BusyException when that is over
     */
    <T extends @Nullable Object> T with(
            VolumeName name, String doing, Duration limit, Supplier<T> work) {
        Held held = enter(name);
        try {
            acquire(held, name, limit);
            try {
                String before = held.doing;
                held.doing = doing;
                try {
                    return work.get();
                } finally {
                    held.doing = before;
                }
            } finally {
                held.lock.unlock();
            }
        } finally {
            leave(name);
        }
    }

    private Held enter(VolumeName name) {
        return locks.compute(
                name,
                (key, held) -> {
                    Held mine = held == null ? new Held() : held;
                    mine.interested++;
                    return mine;
                });
    }

    private void leave(VolumeName name) {
        locks.computeIfPresent(name, (key, held) -> --held.interested == 0 ? null : held);
    }

    private static void acquire(Held held, VolumeName name, Duration limit) {
        try {
            if (held.lock.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new BusyException(
                "Volume " + name + " is busy: " + held.doing + " goes on", "Try again later");
    }
}
