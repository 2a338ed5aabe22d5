// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_SWAP;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_MEMORY_LIMIT;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_MEMORY_SWAP_LIMIT;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The host as if it were a container, {@code id="/"}: the root of all cgroups, the network of the
 * host's first process, and the devices on which file systems are mounted.
 */
final class HostItself {

    private static final Labels LABELS = Labels.of("id", "/");

    private final CgroupReader cgroup;
    private final HostFiles files;
    private final double made;
    private final MountedDevices devices = new MountedDevices();
    private final MemoryTotals memory = new MemoryTotals();

    /**
     * Reads nothing yet.
     *
     * @param cgroup the root
     * @param made when its folder was made, in Unix seconds, which is when the host was started
     */
    HostItself(CgroupReader cgroup, HostFiles files, double made) {
        this.cgroup = cgroup;
        this.files = files;
        this.made = made;
    }

    /** The devices, as last seen. */
    MountedDevices devices() {
        return devices;
    }

    /**
     * Reads all of it.
     *
     * @param clock in Unix seconds
     * @return whether every file looked as it should
     * @throws IOException when some cannot be read
     */
    boolean read(Worker worker, SampleSet samples, long now, double clock) throws IOException {
        Numbers numbers = worker.numbers();
        numbers.clear();
        cgroup.readLimits(worker.text(), numbers);
        cgroup.read(worker, numbers);
        readMemory(worker, numbers);
        readNetwork(worker, numbers);
        readDevices(worker, numbers, now);
        numbers.set(ContainerValue.LAST_SEEN, clock);
        numbers.set(ContainerValue.START_TIME, made);
        Lifetimes.addUntold(numbers);
        numbers.write(LABELS, samples);
        return numbers.malformedFiles() == 0;
    }

    private void readMemory(Worker worker, Numbers numbers) throws IOException {
        worker.text().read(files.proc().resolve("meminfo"));
        memory.parse(worker.text());
        numbers.set(SPEC_MEMORY_LIMIT, memory.totalBytes());
        numbers.set(SPEC_MEMORY_SWAP_LIMIT, memory.swapBytes());
        if (!numbers.has(MEMORY_SWAP)) {
            numbers.set(MEMORY_SWAP, memory.usedSwapBytes());
        }
    }

    private void readNetwork(Worker worker, Numbers numbers) throws IOException {
        Optional<Path> first = files.first();
        if (first.isPresent()) {
            try {
                worker.text().read(first.get().resolve("net/dev"));
                NetworkDevices.parse(worker, numbers);
            } catch (KernelFormatException e) {
                numbers.malformed();
            }
        }
    }

    private void readDevices(Worker worker, Numbers numbers, long now) throws IOException {
        devices.refresh(files, worker.text(), now);
        try {
            worker.text().read(files.proc().resolve("diskstats"));
            DiskStatistics.parse(worker.text(), devices, numbers);
        } catch (KernelFormatException e) {
            numbers.malformed();
        }
        if (files.root().isPresent()) {
            for (MountedDevices.Mounted device : devices.all()) {
                readSpace(files.root().get(), device, numbers);
            }
        }
    }

    /** A device has no server that could be silent: the kernel answers from its own memory. */
    private static void readSpace(Path root, MountedDevices.Mounted device, Numbers numbers) {
        try {
            FileSystemSpace space = FileSystemSpace.of(below(root, device.point()));
            Labels labels = Labels.of("device", device.source());
            numbers.add(
                    DeviceFamilies.USED, labels, (double) (space.totalBytes() - space.freeBytes()));
            numbers.add(DeviceFamilies.SIZE, labels, (double) space.totalBytes());
            numbers.add(DeviceFamilies.INODES, labels, (double) space.files());
            numbers.add(DeviceFamilies.INODES_FREE, labels, (double) space.freeFiles());
        } catch (IOException e) {
            // Unmounted since, or hidden below another mount.
            return;
        }
    }

    /** Where the agent sees a path of the host. */
    static String below(Path root, String path) {
        String start = root.toString();
        return start.equals("/") ? path : start + path;
    }

    void close() throws IOException {
        cgroup.close();
    }
}
