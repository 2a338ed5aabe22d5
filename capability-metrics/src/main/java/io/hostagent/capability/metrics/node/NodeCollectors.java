// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.SpaceReader;
import io.hostagent.core.kernel.Timex;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * All collectors there are, in the order in which they run: those that can be slow, or can wait for
 * somebody, come last, so that a short deadline costs nobody but them.
 */
final class NodeCollectors {

    /**
     * One of them.
     *
     * @param onByDefault whether it runs when nobody says that it shall
     */
    record Listed(NodeCollector collector, boolean onByDefault) {}

    /** How old may be what seldom changes: of mounts, and of an interface without hardware. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** How long systemd has to answer. */
    private static final Duration BUS_TIME = Duration.ofSeconds(5);

    private NodeCollectors() {}

    static List<Listed> all(NodeSettings settings, HostRoot hostRoot, EngineName engineName) {
        SpaceReader spaces = new SpaceReader(FileSystemSpace::of);
        return List.of(
                on(new CpuCollector(settings.cpuInfo())),
                on(new LoadavgCollector()),
                on(new MeminfoCollector()),
                on(new StatCollector()),
                on(new VmstatCollector(settings.vmstatFields())),
                on(new FilefdCollector()),
                on(new EntropyCollector()),
                on(new PressureCollector()),
                on(new SchedstatCollector()),
                on(new SoftnetCollector()),
                on(new DiskstatsCollector(settings.disks())),
                on(new TimeCollector(Clock.systemUTC())),
                on(new TimexCollector(Timex::read)),
                on(new OsCollector()),
                on(new DmiCollector()),
                on(new EdacCollector()),
                on(new SelinuxCollector()),
                on(new WatchdogCollector()),
                on(new KernelHungCollector()),
                on(new CpufreqCollector()),
                on(new UnameCollector(engineName)),
                on(new ArpCollector()),
                on(new BondingCollector()),
                on(new ConntrackCollector()),
                on(new IpvsCollector()),
                on(new NetDevCollector(settings.networkCounters(), settings.networkClass())),
                on(new NetStatCollector(settings.netstatFields())),
                on(new NfsCollector()),
                on(new NfsdCollector()),
                on(new SockstatCollector(PageSize.ofThisMachine())),
                on(new UdpQueuesCollector()),
                on(new MdadmCollector()),
                on(new PowerSupplyClassCollector()),
                on(new RaplCollector()),
                on(new ThermalZoneCollector()),
                on(new HwmonCollector()),
                on(new NetClassCollector(settings.networkClass(), KEPT)),
                off(new InterruptsCollector()),
                off(new ProcessesCollector()),
                off(new TcpStatCollector()),
                off(new SystemdCollector(settings.systemdUnits(), BUS_TIME)),
                on(new FilesystemCollector(settings, hostRoot.agentRoot(), spaces, KEPT)),
                // The last one: it leaves out what others have told.
                on(new TextFileCollector(settings.textfiles())));
    }

    private static Listed off(NodeCollector collector) {
        return new Listed(collector, false);
    }

    private static Listed on(NodeCollector collector) {
        return new Listed(collector, true);
    }
}
