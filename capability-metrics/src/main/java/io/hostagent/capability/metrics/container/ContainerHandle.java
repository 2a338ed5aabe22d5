// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KeptFile;
import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.core.docker.ContainerDetails;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one container from scrape to scrape: where its numbers are, its files that stay
 * open, and its labels. It is found out when the container is first read, and holds until it ends
 * or is started anew.
 */
final class ContainerHandle {

    /**
     * Limits change by {@code docker update}, which is told, and by hands on the kernel's files.
     */
    private static final long LIMITS_HOLD = Duration.ofSeconds(60).toNanos();

    private final AtomicBoolean busy = new AtomicBoolean();
    private final Numbers limits = new Numbers();
    private volatile ContainerDetails details;
    private volatile boolean changed = true;
    private Labels labels = Labels.NONE;
    private String path = "";
    private @Nullable CgroupReader reader;
    private int descriptors;
    private Optional<FirstProcess> process = Optional.empty();
    private long limitsRead;
    private long pausedUntil;
    private boolean paused;
    private int failures;

    ContainerHandle(ContainerDetails details) {
        this.details = details;
    }

    /** What the engine told last. */
    ContainerDetails details() {
        return details;
    }

    /**
     * Takes what the engine tells now of the same start of the container. It is told anew after
     * each event, and what that changed, such as a limit, need not be a part of it.
     */
    @SuppressWarnings("ReferenceEquality") // another one tells of an event, whatever it says
    void update(ContainerDetails now) {
        if (now != details) {
            details = now;
            changed = true;
        }
    }

    /** Whether something is told of the same start. */
    boolean isSameStart(ContainerDetails now) {
        return now.pid() == details.pid() && now.started().equals(details.started());
    }

    /** Takes hold of it; {@code false} while a thread of a former scrape has not let it go. */
    boolean tryHold() {
        return busy.compareAndSet(false, true);
    }

    void letGo() {
        busy.set(false);
    }

    /** Has it left alone for a while, after it could not be read. */
    void pause(long until) {
        pausedUntil = until;
        paused = true;
        failures++;
    }

    /** Whether it is left alone. */
    boolean pauses(long now) {
        if (paused && now - pausedUntil >= 0) {
            paused = false;
        }
        return paused;
    }

    /**
     * Whether the engine still says that it runs when it could not be read for the second time: it
     * did not just end, and its numbers are missing.
     */
    boolean isLost() {
        return failures > 1;
    }

    /** Its labels, once it was read. */
    Labels labels() {
        return labels;
    }

    /** What is to be known to read it slowly; empty while it was not read. */
    Optional<SlowNumbers.Target> target(
            Surroundings surroundings, List<MountedDevices.Mounted> mounts) {
        if (reader == null) {
            return Optional.empty();
        }
        return Optional.of(
                new SlowNumbers.Target(
                        details,
                        surroundings.files(),
                        surroundings.finder().processes(path),
                        surroundings.finder().tasks(path),
                        process.map(FirstProcess::folder),
                        hasNetwork(surroundings.settings()),
                        mounts));
    }

    /**
     * Reads all of it.
     *
     * @throws IOException when the container is gone, or has no cgroup here
     */
    void read(Worker worker, Surroundings surroundings, long now) throws IOException {
        Numbers numbers = worker.numbers();
        numbers.clear();
        CgroupReader open = reader;
        if (open == null) {
            open = open(surroundings);
        }
        if (changed) {
            changed = false;
            labels = surroundings.labels().of(details, path);
            limitsRead = now - LIMITS_HOLD;
        }
        if (now - limitsRead >= LIMITS_HOLD) {
            limits.clear();
            open.readLimits(worker.text(), limits);
            if (process.isEmpty() || !process.get().isThere(worker.text())) {
                process = firstProcess(surroundings);
            }
            limitsRead = now;
        }
        open.read(worker, numbers);
        failures = 0;
        numbers.takeLimits(limits);
        if (hasNetwork(surroundings.settings())) {
            readNetwork(worker, numbers);
        }
    }

    private CgroupReader open(Surroundings surroundings) throws IOException {
        String found =
                surroundings
                        .finder()
                        .path(details)
                        .orElseThrow(() -> new IOException("no cgroup of this container"));
        CgroupFinder finder = surroundings.finder();
        int wanted = finder.filesKept();
        boolean keep = surroundings.descriptors().take(wanted);
        descriptors = keep ? wanted : 0;
        CgroupReader opened = finder.open(found, surroundings.settings().perCpu(), keep);
        reader = opened;
        path = found;
        process = firstProcess(surroundings);
        return opened;
    }

    private Optional<FirstProcess> firstProcess(Surroundings surroundings) {
        return FirstProcess.find(
                surroundings.files().proc(),
                details.pid(),
                details.container().id().value(),
                surroundings.finder().processes(path));
    }

    /**
     * Whether its network is told as its own. One that it shares with another container is told of
     * that one, and that of the host with {@code id="/"}.
     */
    private boolean hasNetwork(ContainerSettings settings) {
        String mode = details.networkMode();
        return !mode.startsWith("container:") && (!mode.equals("host") || settings.hostNetwork());
    }

    private void readNetwork(Worker worker, Numbers numbers) {
        if (process.isEmpty()) {
            return;
        }
        // Closed at once, it costs three calls of the kernel; as a stream it would cost five.
        try (KeptFile devices = new KeptFile(process.get().devices())) {
            worker.text().readLines(devices);
            NetworkDevices.parse(worker, numbers);
        } catch (KernelFormatException e) {
            numbers.malformed();
        } catch (IOException e) {
            // Its first process has just ended; if the container has not, another one is found.
            limitsRead = System.nanoTime() - LIMITS_HOLD;
        }
    }

    /** Closes what is open; it can be read again, and is then found anew. */
    void close(Descriptors budget) {
        CgroupReader open = reader;
        reader = null;
        changed = true;
        process = Optional.empty();
        budget.giveBack(descriptors);
        descriptors = 0;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // The kernel has taken them back all the same.
                return;
            }
        }
    }
}
