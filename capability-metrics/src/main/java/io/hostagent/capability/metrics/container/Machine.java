// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static io.hostagent.capability.metrics.sample.Family.gauge;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the machine has: processors that are online, memory, and what it is known by. All but the
 * memory is found out again only when another set of processors is online.
 */
final class Machine {

    private static final Family CORES = gauge("machine_cpu_cores", "Logical processors online");
    private static final Family PHYSICAL_CORES =
            gauge("machine_cpu_physical_cores", "Cores of processors");
    private static final Family SOCKETS = gauge("machine_cpu_sockets", "Sockets with processors");
    private static final Family MEMORY = gauge("machine_memory_bytes", "Memory in bytes");
    private static final Family SWAP = gauge("machine_swap_bytes", "Swap in bytes");
    private static final Family MODULES =
            gauge("machine_dimm_count", "Memory modules by their type");
    private static final Family MODULE_BYTES =
            gauge("machine_dimm_capacity_bytes", "Size of all memory modules of a type");

    private static final double MEBIBYTE = 1 << 20;

    private final HostFiles files;
    private final MemoryTotals memory = new MemoryTotals();
    private @Nullable String online;
    private Labels identity = Labels.NONE;
    private int processors;
    private int cores;
    private int sockets;
    private final Map<String, Modules> modules = new TreeMap<>();

    /** Memory modules of one type. */
    private record Modules(int count, double bytes) {

        Modules and(double more) {
            return new Modules(count + 1, bytes + more);
        }
    }

    Machine(HostFiles files) {
        this.files = files;
    }

    /**
     * Adds what there is.
     *
     * @throws IOException when the host's memory cannot be read
     */
    void read(KernelText text, SampleSet samples) throws IOException {
        String now = KernelFile.text(files.sys().resolve("devices/system/cpu/online"));
        if (now == null) {
            throw new IOException("the host's processors cannot be read");
        }
        if (!Objects.equals(now, online)) {
            identify();
            count(CpuList.of(now));
            countModules();
            online = now;
        }
        samples.family(CORES).add(identity, processors);
        samples.family(PHYSICAL_CORES).add(identity, cores);
        samples.family(SOCKETS).add(identity, sockets);
        text.read(files.proc().resolve("meminfo"));
        memory.parse(text);
        samples.family(MEMORY).add(identity, memory.totalBytes());
        samples.family(SWAP).add(identity, memory.swapBytes());
        modules.forEach(
                (type, some) -> {
                    Labels detail = Labels.of("type", type);
                    samples.family(MODULES).add(identity, detail, some.count());
                    samples.family(MODULE_BYTES).add(identity, detail, some.bytes());
                });
    }

    private void identify() {
        String machine = files.text("etc/machine-id");
        String uuid = KernelFile.text(files.sys().resolve("class/dmi/id/product_uuid"));
        String boot = KernelFile.text(files.proc().resolve("sys/kernel/random/boot_id"));
        String older = machine == null ? files.text("var/lib/dbus/machine-id") : machine;
        identity =
                Labels.of(
                        List.of(
                                new Label("machine_id", Objects.requireNonNullElse(older, "")),
                                new Label("system_uuid", Objects.requireNonNullElse(uuid, "")),
                                new Label("boot_id", Objects.requireNonNullElse(boot, ""))));
    }

    /** Without a topology, as in some virtual machines, each is a core of its own in one socket. */
    private void count(List<Integer> cpus) {
        Set<String> packages = new HashSet<>();
        Set<String> distinct = new HashSet<>();
        for (int cpu : cpus) {
            Path topology = files.sys().resolve("devices/system/cpu/cpu" + cpu).resolve("topology");
            String socket = KernelFile.text(topology.resolve("physical_package_id"));
            String core = KernelFile.text(topology.resolve("core_id"));
            String place = Objects.requireNonNullElse(socket, "0");
            packages.add(place);
            distinct.add(place + "/" + Objects.requireNonNullElse(core, "cpu" + cpu));
        }
        processors = cpus.size();
        cores = distinct.size();
        sockets = packages.size();
    }

    /** Those that a driver for error correction tells of; most machines have none. */
    private void countModules() {
        modules.clear();
        for (Path controller : KernelFile.entries(files.sys().resolve("devices/system/edac/mc"))) {
            if (!KernelFile.name(controller).matches("mc\\d+")) {
                continue;
            }
            for (Path module : KernelFile.entries(controller)) {
                String type = KernelFile.text(module.resolve("dimm_mem_type"));
                Long size = KernelFile.number(module.resolve("size"));
                if (type != null && size != null) {
                    modules.merge(
                            type,
                            new Modules(1, size * MEBIBYTE),
                            (some, one) -> some.and(one.bytes()));
                }
            }
        }
    }
}
