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
import io.hostagent.capability.metrics.sample.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cgroup of version 1, see the kernel's {@code Documentation/admin-guide/cgroup-v1}: a folder for
 * each controller, any of which may be missing. On a hybrid host its pressure is told by a folder
 * of the unified tree.
 */
final class CgroupV1 implements CgroupReader {

    /** How many files it keeps open at most. */
    static final int FILES = 14;

    private static final double NANOSECONDS = 1e9;

    /** What cpuacct.stat counts in: USER_HZ, which is 100 on every architecture of today. */
    private static final double TICKS = 100;

    /** What is larger is no limit; the kernel's own largest depends on the size of a page. */
    private static final double UNLIMITED = 0x1p62;

    private static final StatKeys TIMES =
            new StatKeys().and("user", CPU_USER, TICKS).and("system", CPU_SYSTEM, TICKS);
    private static final StatKeys CFS =
            new StatKeys()
                    .and("nr_periods", CFS_PERIODS)
                    .and("nr_throttled", CFS_THROTTLED_PERIODS)
                    .and("throttled_time", CFS_THROTTLED_SECONDS, NANOSECONDS)
                    .and("nr_bursts", CFS_BURST_PERIODS)
                    .and("burst_time", CFS_BURST_SECONDS, NANOSECONDS);
    private static final StatKeys MEMORY =
            new StatKeys()
                    .and("pgfault", PGFAULT_OWN)
                    .and("pgmajfault", PGMAJFAULT_OWN)
                    .and("total_cache", MEMORY_CACHE)
                    .and("total_rss", MEMORY_RSS)
                    .and("total_mapped_file", MEMORY_MAPPED_FILE)
                    .and("total_dirty", MEMORY_DIRTY)
                    .and("total_writeback", MEMORY_WRITEBACK)
                    .and("total_workingset_refault_anon", REFAULT_ANON)
                    .and("total_workingset_refault_file", REFAULT_FILE)
                    .and("total_swap", MEMORY_SWAP)
                    .and("total_pgfault", PGFAULT_ALL)
                    .and("total_pgmajfault", PGMAJFAULT_ALL)
                    .and("total_inactive_file", MEMORY_INACTIVE_FILE)
                    .and("total_active_file", MEMORY_ACTIVE_FILE);
    private static final StatKeys OOM = new StatKeys().and("oom_kill", OOM_EVENTS);

    private final CgroupFolders folders;
    private final boolean root;
    private final boolean perCpu;
    private final List<CgroupFile> files = new ArrayList<>();
    private final CgroupFile usage;
    private final CgroupFile times;
    private final CgroupFile cfs;
    private final CgroupFile stat;
    private final CgroupFile memory;
    private final CgroupFile most;
    private final CgroupFile failures;
    private final CgroupFile kernel;
    private final CgroupFile oom;
    private final CgroupFile bytes;
    private final CgroupFile requests;
    private final CgroupFile cpuPressure;
    private final CgroupFile memoryPressure;
    private final CgroupFile ioPressure;
    private boolean quota;
    private boolean limited = true;

    /** How often it had met its limit when it was seen to have none; NaN for an unknown number. */
    private double former = Double.NaN;

    /**
     * Names its files.
     *
     * @param root whether it is the host itself, whose devices tell more than its cgroup
     * @param perCpu whether each processor is told apart
     * @param keep whether files stay open
     */
    CgroupV1(CgroupFolders folders, boolean root, boolean perCpu, boolean keep) {
        this.folders = folders;
        this.root = root;
        this.perCpu = perCpu;
        Optional<Path> account = folders.controller("cpuacct");
        usage = file(account, perCpu ? "cpuacct.usage_percpu" : "cpuacct.usage", keep);
        times = file(account, "cpuacct.stat", keep);
        cfs = file(folders.controller("cpu"), "cpu.stat", keep);
        Optional<Path> folder = folders.controller("memory");
        stat = file(folder, "memory.stat", keep);
        memory = file(folder, "memory.usage_in_bytes", keep);
        most = file(folder, "memory.max_usage_in_bytes", keep);
        failures = file(folder, "memory.failcnt", keep);
        kernel = file(folder, "memory.kmem.usage_in_bytes", keep);
        oom = file(folder, "memory.oom_control", keep);
        Optional<Path> blocks = folders.controller("blkio");
        bytes = recursive(blocks, "blkio.throttle.io_service_bytes", keep);
        requests = recursive(blocks, "blkio.throttle.io_serviced", keep);
        cpuPressure = file(folders.pressure(), "cpu.pressure", keep);
        memoryPressure = file(folders.pressure(), "memory.pressure", keep);
        ioPressure = file(folders.pressure(), "io.pressure", keep);
    }

    private CgroupFile file(Optional<Path> folder, String name, boolean keep) {
        CgroupFile file =
                folder.map(path -> new CgroupFile(path.resolve(name), keep))
                        .orElseGet(CgroupFile::none);
        files.add(file);
        return file;
    }

    /** Kernels before 4.12 count only what the cgroup itself did, and not those below it. */
    private CgroupFile recursive(Optional<Path> folder, String name, boolean keep) {
        boolean there =
                folder.map(path -> path.resolve(name + "_recursive"))
                        .filter(Files::exists)
                        .isPresent();
        return file(folder, there ? name + "_recursive" : name, keep);
    }

    @Override
    public void read(Worker worker, Numbers numbers) throws IOException {
        KernelText text = worker.text();
        boolean cpu = Parts.part(usage, text, numbers, perCpu ? CgroupV1::perCpu : CgroupV1::cpu);
        Parts.part(times, text, numbers, TIMES::read);
        if (quota) {
            Parts.part(cfs, text, numbers, CFS::read);
        }
        boolean account = readMemory(text, numbers);
        boolean devices = readDevices(bytes, true, worker, numbers);
        readDevices(requests, false, worker, numbers);
        if (!cpu && !account && !devices) {
            throw new IOException("there is no cgroup any more");
        }
        Parts.part(cpuPressure, text, numbers, Parts::cpuPressure);
        Parts.part(memoryPressure, text, numbers, Parts::memoryPressure);
        Parts.part(ioPressure, text, numbers, Parts::ioPressure);
    }

    private static void cpu(KernelText text, Numbers numbers) throws KernelFormatException {
        numbers.set(CPU_USAGE, Parts.number(text) / NANOSECONDS);
    }

    /** One number for each processor that there could be; those that never ran are left out. */
    private static void perCpu(KernelText text, Numbers numbers) throws KernelFormatException {
        if (!text.line()) {
            throw new KernelFormatException("an empty file where processors should be");
        }
        for (int cpu = 0; text.field(); cpu++) {
            double used = text.unsigned();
            if (used > 0) {
                numbers.add(CPU_USAGE.family(), CpuLabels.of(cpu), used / NANOSECONDS);
            }
        }
    }

    private boolean readMemory(KernelText text, Numbers numbers) throws IOException {
        if (!Parts.part(stat, text, numbers, MEMORY::read)) {
            return false;
        }
        Parts.number(memory, text, numbers, MEMORY_USAGE);
        Parts.number(most, text, numbers, MEMORY_MAX_USAGE);
        if (limited) {
            Parts.number(failures, text, numbers, MEMORY_FAILCNT);
        } else if (!Double.isNaN(former)) {
            numbers.set(MEMORY_FAILCNT, former);
        }
        if (!Parts.number(kernel, text, numbers, MEMORY_KERNEL)) {
            numbers.set(MEMORY_KERNEL, 0);
        }
        Parts.part(oom, text, numbers, OOM::read);
        Parts.workingSet(numbers);
        // Version 1 does not count them, and the reference says so by a 0.
        numbers.set(MEMORY_PGSCAN, 0);
        numbers.set(MEMORY_PGSTEAL, 0);
        return true;
    }

    /** Lines such as {@code 254:0 Read 4096}, and a last one, {@code Total 4096}. */
    private boolean readDevices(CgroupFile file, boolean inBytes, Worker worker, Numbers numbers)
            throws IOException {
        KernelText text = worker.text();
        if (!file.read(text)) {
            return false;
        }
        try {
            while (text.line()) {
                if (text.field() && !text.is("Total")) {
                    readDevice(inBytes, worker, numbers);
                }
            }
        } catch (KernelFormatException e) {
            numbers.malformed();
        }
        return true;
    }

    private void readDevice(boolean inBytes, Worker worker, Numbers numbers)
            throws KernelFormatException {
        KernelText text = worker.text();
        BlockDevice device = worker.device();
        if (!text.field()) {
            throw new KernelFormatException("a device without an operation");
        }
        boolean read = text.is("Read");
        boolean write = text.is("Write");
        Labels operation = device.operation(text);
        if (!text.field()) {
            throw new KernelFormatException("an operation without a number");
        }
        double number = text.unsigned();
        if (inBytes) {
            numbers.add(DeviceFamilies.DEVICE_USAGE, operation, number);
        }
        if (!root && (read || write)) {
            numbers.add(family(inBytes, read), device.labels(), number);
        }
    }

    private static Family family(boolean inBytes, boolean read) {
        if (inBytes) {
            return read ? DeviceFamilies.READ_BYTES : DeviceFamilies.WRITTEN_BYTES;
        }
        return read ? DeviceFamilies.READS : DeviceFamilies.WRITES;
    }

    @Override
    public void readLimits(KernelText text, Numbers numbers) {
        quota = false;
        folders.controller("cpu").ifPresent(folder -> readCpuLimits(folder, text, numbers));
        Optional<Path> folder = folders.controller("memory");
        if (folder.isPresent() && !root) {
            limited =
                    limit(SPEC_MEMORY_LIMIT, folder.get(), "memory.limit_in_bytes", text, numbers);
            former =
                    limited
                            ? Double.NaN
                            : Parts.limit(folder.get().resolve("memory.failcnt"), text, Double.NaN);
            limit(
                    SPEC_MEMORY_SWAP_LIMIT,
                    folder.get(),
                    "memory.memsw.limit_in_bytes",
                    text,
                    numbers);
            limit(
                    SPEC_MEMORY_RESERVATION,
                    folder.get(),
                    "memory.soft_limit_in_bytes",
                    text,
                    numbers);
        }
    }

    private void readCpuLimits(Path folder, KernelText text, Numbers numbers) {
        double time = Parts.limit(folder.resolve("cpu.cfs_quota_us"), text, -1);
        quota = time > 0;
        if (quota) {
            numbers.set(SPEC_CPU_QUOTA, time);
        }
        numbers.set(
                SPEC_CPU_PERIOD,
                Parts.limit(folder.resolve("cpu.cfs_period_us"), text, Double.NaN));
        numbers.set(SPEC_CPU_SHARES, Parts.limit(folder.resolve("cpu.shares"), text, Double.NaN));
    }

    /** Returns whether there is one. */
    private static boolean limit(
            ContainerValue value, Path folder, String file, KernelText text, Numbers numbers) {
        double limit = Parts.limit(folder.resolve(file), text, 0);
        boolean limited = limit <= UNLIMITED;
        numbers.set(value, limited ? limit : 0);
        return limited;
    }

    @Override
    public void close() throws IOException {
        for (CgroupFile file : files) {
            file.close();
        }
    }
}
