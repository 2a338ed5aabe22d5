// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static io.hostagent.capability.metrics.container.ContainerValue.CFS_BURST_PERIODS;
import static io.hostagent.capability.metrics.container.ContainerValue.CFS_BURST_SECONDS;
import static io.hostagent.capability.metrics.container.ContainerValue.CFS_PERIODS;
import static io.hostagent.capability.metrics.container.ContainerValue.CFS_THROTTLED_PERIODS;
import static io.hostagent.capability.metrics.container.ContainerValue.CFS_THROTTLED_SECONDS;
import static io.hostagent.capability.metrics.container.ContainerValue.CPU_SYSTEM;
import static io.hostagent.capability.metrics.container.ContainerValue.CPU_USAGE;
import static io.hostagent.capability.metrics.container.ContainerValue.CPU_USER;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_ACTIVE_FILE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_CACHE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_DIRTY;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_EVENTS_HIGH;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_EVENTS_MAX;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_FAILCNT;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_INACTIVE_FILE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_KERNEL;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_MAPPED_FILE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_MAX_USAGE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_PGSCAN;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_PGSTEAL;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_RSS;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_SWAP;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_USAGE;
import static io.hostagent.capability.metrics.container.ContainerValue.MEMORY_WRITEBACK;
import static io.hostagent.capability.metrics.container.ContainerValue.OOM_EVENTS;
import static io.hostagent.capability.metrics.container.ContainerValue.PGFAULT_ALL;
import static io.hostagent.capability.metrics.container.ContainerValue.PGFAULT_OWN;
import static io.hostagent.capability.metrics.container.ContainerValue.PGMAJFAULT_ALL;
import static io.hostagent.capability.metrics.container.ContainerValue.PGMAJFAULT_OWN;
import static io.hostagent.capability.metrics.container.ContainerValue.REFAULT_ANON;
import static io.hostagent.capability.metrics.container.ContainerValue.REFAULT_FILE;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_CPU_PERIOD;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_CPU_QUOTA;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_CPU_SHARES;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_MEMORY_LIMIT;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_MEMORY_RESERVATION;
import static io.hostagent.capability.metrics.container.ContainerValue.SPEC_MEMORY_SWAP_LIMIT;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import java.io.IOException;
import java.nio.file.Path;

/** A cgroup of version 2, see the kernel's {@code Documentation/admin-guide/cgroup-v2.rst}. */
final class CgroupV2 implements CgroupReader {

    /** How many files it keeps open. */
    static final int FILES = 10;

    private static final double MICROSECONDS = 1e6;

    private static final StatKeys CPU =
            new StatKeys()
                    .and("usage_usec", CPU_USAGE, MICROSECONDS)
                    .and("user_usec", CPU_USER, MICROSECONDS)
                    .and("system_usec", CPU_SYSTEM, MICROSECONDS);
    private static final StatKeys CPU_WITH_QUOTA =
            new StatKeys()
                    .and("usage_usec", CPU_USAGE, MICROSECONDS)
                    .and("user_usec", CPU_USER, MICROSECONDS)
                    .and("system_usec", CPU_SYSTEM, MICROSECONDS)
                    .and("nr_periods", CFS_PERIODS)
                    .and("nr_throttled", CFS_THROTTLED_PERIODS)
                    .and("throttled_usec", CFS_THROTTLED_SECONDS, MICROSECONDS)
                    .and("nr_bursts", CFS_BURST_PERIODS)
                    .and("burst_usec", CFS_BURST_SECONDS, MICROSECONDS);
    private static final StatKeys MEMORY =
            new StatKeys()
                    .and("anon", MEMORY_RSS)
                    .and("file", MEMORY_CACHE)
                    .and("kernel", MEMORY_KERNEL)
                    .and("file_mapped", MEMORY_MAPPED_FILE)
                    .and("file_dirty", MEMORY_DIRTY)
                    .and("file_writeback", MEMORY_WRITEBACK)
                    .and("inactive_file", MEMORY_INACTIVE_FILE)
                    .and("active_file", MEMORY_ACTIVE_FILE)
                    .and("workingset_refault_anon", REFAULT_ANON)
                    .and("workingset_refault_file", REFAULT_FILE)
                    .and("pgscan", MEMORY_PGSCAN)
                    .and("pgsteal", MEMORY_PGSTEAL)
                    .and("pgfault", PGFAULT_OWN)
                    .and("pgmajfault", PGMAJFAULT_OWN);
    private static final StatKeys EVENTS =
            new StatKeys()
                    .and("high", MEMORY_EVENTS_HIGH)
                    .and("max", MEMORY_EVENTS_MAX)
                    .and("oom_kill", OOM_EVENTS);

    private final Path folder;
    private final boolean root;
    private final CgroupFile cpu;
    private final CgroupFile memory;
    private final CgroupFile peak;
    private final CgroupFile swap;
    private final CgroupFile stat;
    private final CgroupFile events;
    private final CgroupFile io;
    private final CgroupFile cpuPressure;
    private final CgroupFile memoryPressure;
    private final CgroupFile ioPressure;
    private boolean quota;

    /**
     * Names its files.
     *
     * @param folder of the cgroup
     * @param root whether it is the host itself, whose devices tell more than its cgroup
     * @param keep whether files stay open
     */
    CgroupV2(Path folder, boolean root, boolean keep) {
        this.folder = folder;
        this.root = root;
        cpu = new CgroupFile(folder.resolve("cpu.stat"), keep);
        memory = new CgroupFile(folder.resolve("memory.current"), keep);
        peak = new CgroupFile(folder.resolve("memory.peak"), keep);
        swap = new CgroupFile(folder.resolve("memory.swap.current"), keep);
        stat = new CgroupFile(folder.resolve("memory.stat"), keep);
        events = new CgroupFile(folder.resolve("memory.events"), keep);
        io = new CgroupFile(folder.resolve("io.stat"), keep);
        cpuPressure = new CgroupFile(folder.resolve("cpu.pressure"), keep);
        memoryPressure = new CgroupFile(folder.resolve("memory.pressure"), keep);
        ioPressure = new CgroupFile(folder.resolve("io.pressure"), keep);
    }

    @Override
    public void read(Worker worker, Numbers numbers) throws IOException {
        KernelText text = worker.text();
        // Every cgroup has this file, whatever controllers it has.
        if (!Parts.part(cpu, text, numbers, quota ? CPU_WITH_QUOTA::read : CPU::read)) {
            throw new IOException("there is no cgroup any more");
        }
        readMemory(text, numbers);
        readDevices(worker, numbers);
        Parts.part(cpuPressure, text, numbers, Parts::cpuPressure);
        Parts.part(memoryPressure, text, numbers, Parts::memoryPressure);
        Parts.part(ioPressure, text, numbers, Parts::ioPressure);
    }

    private void readMemory(KernelText text, Numbers numbers) throws IOException {
        if (!Parts.part(stat, text, numbers, MEMORY::read)) {
            return;
        }
        Parts.number(memory, text, numbers, MEMORY_USAGE);
        if (root && !numbers.has(MEMORY_USAGE)) {
            numbers.set(MEMORY_USAGE, numbers.get(MEMORY_RSS) + numbers.get(MEMORY_CACHE));
        }
        Parts.number(peak, text, numbers, MEMORY_MAX_USAGE);
        Parts.number(swap, text, numbers, MEMORY_SWAP);
        Parts.part(events, text, numbers, EVENTS::read);
        Parts.workingSet(numbers);
        numbers.set(PGFAULT_ALL, numbers.get(PGFAULT_OWN));
        numbers.set(PGMAJFAULT_ALL, numbers.get(PGMAJFAULT_OWN));
        // Version 2 does not count it, and dashboards subtract it.
        numbers.set(MEMORY_FAILCNT, 0);
        if (!numbers.has(MEMORY_KERNEL)) {
            numbers.set(MEMORY_KERNEL, 0);
        }
        if (!numbers.has(MEMORY_MAX_USAGE)) {
            numbers.set(MEMORY_MAX_USAGE, 0);
        }
    }

    private void readDevices(Worker worker, Numbers numbers) throws IOException {
        if (!io.read(worker.text())) {
            return;
        }
        try {
            parseDevices(worker, numbers);
        } catch (KernelFormatException e) {
            numbers.malformed();
        }
    }

    /** Lines such as {@code 254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0}. */
    private void parseDevices(Worker worker, Numbers numbers) throws KernelFormatException {
        KernelText text = worker.text();
        while (text.line() && text.field()) {
            BlockDevice device = worker.device();
            while (text.field()) {
                device(device, text, numbers);
            }
        }
    }

    private void device(BlockDevice device, KernelText text, Numbers numbers)
            throws KernelFormatException {
        if (text.startsWith("rbytes=")) {
            double bytes = value(text);
            numbers.add(DeviceFamilies.DEVICE_USAGE, device.operation("Read"), bytes);
            own(DeviceFamilies.READ_BYTES, device, bytes, numbers);
        } else if (text.startsWith("wbytes=")) {
            double bytes = value(text);
            numbers.add(DeviceFamilies.DEVICE_USAGE, device.operation("Write"), bytes);
            own(DeviceFamilies.WRITTEN_BYTES, device, bytes, numbers);
        } else if (text.startsWith("rios=")) {
            own(DeviceFamilies.READS, device, value(text), numbers);
        } else if (text.startsWith("wios=")) {
            own(DeviceFamilies.WRITES, device, value(text), numbers);
        } else if (text.startsWith("cost.usage=")) {
            own(DeviceFamilies.COST_USAGE, device, value(text) / MICROSECONDS, numbers);
        } else if (text.startsWith("cost.wait=")) {
            own(DeviceFamilies.COST_WAIT, device, value(text) / MICROSECONDS, numbers);
        } else if (text.startsWith("cost.indebt=")) {
            own(DeviceFamilies.COST_INDEBT, device, value(text) / MICROSECONDS, numbers);
        } else if (text.startsWith("cost.indelay=")) {
            own(DeviceFamilies.COST_INDELAY, device, value(text) / MICROSECONDS, numbers);
        }
    }

    private static double value(KernelText text) throws KernelFormatException {
        text.behind('=');
        return text.unsigned();
    }

    private void own(Family family, BlockDevice device, double value, Numbers numbers) {
        if (!root) {
            numbers.add(family, device.labels(), value);
        }
    }

    @Override
    public void readLimits(KernelText text, Numbers numbers) {
        quota = false;
        try {
            text.read(folder.resolve("cpu.max"));
            if (text.line() && text.field()) {
                quota = !text.is("max");
                if (quota) {
                    numbers.set(SPEC_CPU_QUOTA, text.unsigned());
                }
                if (text.field()) {
                    numbers.set(SPEC_CPU_PERIOD, text.unsigned());
                }
            }
        } catch (IOException e) {
            // No CPU controller here, such as in a user's own cgroups.
        }
        double weight = Parts.limit(folder.resolve("cpu.weight"), text, Double.NaN);
        if (weight >= 1) {
            // Whole numbers, as the reference has them: 100 is 2597.
            long shares = 2 + ((long) weight - 1) * 262_142 / 9_999;
            numbers.set(SPEC_CPU_SHARES, (double) shares);
        }
        if (!root) {
            limit(SPEC_MEMORY_LIMIT, "memory.max", text, numbers);
            limit(SPEC_MEMORY_SWAP_LIMIT, "memory.swap.max", text, numbers);
            // What the engine calls a reservation is written to memory.low, not to memory.min.
            limit(SPEC_MEMORY_RESERVATION, "memory.low", text, numbers);
        }
    }

    private void limit(ContainerValue value, String file, KernelText text, Numbers numbers) {
        numbers.set(value, Parts.limit(folder.resolve(file), text, 0));
    }

    @Override
    public void close() throws IOException {
        cpu.close();
        memory.close();
        peak.close();
        swap.close();
        stat.close();
        events.close();
        io.close();
        cpuPressure.close();
        memoryPressure.close();
        ioPressure.close();
    }
}
