// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What the host's collectors are to tell about. The defaults are those of node_exporter 1.9, whose
 * options these are, but for the links of containers, of which {@code netclass} says nothing.
 *
 * @param on collectors that run although they are off unless asked for, such as {@code systemd}
 * @param off collectors that do not run although they are on unless told otherwise
 * @param cpuInfo whether {@code cpu} also tells the model of each processor
 * @param mountPoints of file systems, as the host sees them
 * @param fileSystemTypes such as {@code ext4}
 * @param mountTimeout how long a file system has to answer before it counts as an error; the
 *     deadline of the scrape may be sooner
 * @param disks names of block devices, for {@code diskstats}
 * @param networkCounters names of interfaces, for {@code netdev}
 * @param networkClass names of interfaces, for {@code netclass}, which opens files for each
 * @param netstatFields names such as {@code Tcp_InSegs}
 * @param vmstatFields names such as {@code pgfault}
 * @param systemdUnits names such as {@code ssh.service}
 * @param textfiles a folder of the agent with files {@code *.prom}; empty: there is none
 */
public record NodeSettings(
        Set<String> on,
        Set<String> off,
        boolean cpuInfo,
        NameFilter mountPoints,
        NameFilter fileSystemTypes,
        Duration mountTimeout,
        NameFilter disks,
        NameFilter networkCounters,
        NameFilter networkClass,
        NameFilter netstatFields,
        NameFilter vmstatFields,
        NameFilter systemdUnits,
        Optional<Path> textfiles) {

    /** Where containers and the kernel mount what is no place to store something. */
    public static final String MOUNT_POINTS_EXCLUDE =
            "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+"
                    + "|var/lib/containers/storage/.+)($|/)";

    /** Types without a room of their own. */
    public static final String FILE_SYSTEM_TYPES_EXCLUDE =
            "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs"
                    + "|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs"
                    + "|selinuxfs|squashfs|erofs|sysfs|tracefs)$";

    /** Memory, loops and partitions. */
    public static final String DISKS_EXCLUDE =
            "^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$";

    /** A container's end of a link, as engines name it; there are as many as containers. */
    public static final String NETWORK_CLASS_EXCLUDE = "^veth[0-9a-f]*$";

    /** Errors, and what dashboards ask for. */
    public static final String NETSTAT_FIELDS =
            "^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)"
                    + "|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans"
                    + "|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs"
                    + "|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp6?_(InDatagrams"
                    + "|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$";

    /** Paging, swapping and what was killed for want of memory. */
    public static final String VMSTAT_FIELDS = "^(oom_kill|pgpg|pswp|pg.*fault).*";

    /** Units that are many and of which a dashboard says nothing. */
    public static final String SYSTEMD_UNITS_EXCLUDE =
            "^(?:.+\\.(automount|device|mount|scope|slice|target))$";

    /** What is told when nobody says otherwise. */
    public static final NodeSettings DEFAULTS =
            new NodeSettings(
                    Set.of(),
                    Set.of(),
                    false,
                    NameFilter.allBut(MOUNT_POINTS_EXCLUDE),
                    NameFilter.allBut(FILE_SYSTEM_TYPES_EXCLUDE),
                    Duration.ofSeconds(5),
                    NameFilter.allBut(DISKS_EXCLUDE),
                    NameFilter.ALL,
                    NameFilter.allBut(NETWORK_CLASS_EXCLUDE),
                    NameFilter.only(NETSTAT_FIELDS),
                    NameFilter.only(VMSTAT_FIELDS),
                    NameFilter.allBut(SYSTEMD_UNITS_EXCLUDE),
                    Optional.empty());

    public NodeSettings {
        on = Set.copyOf(on);
        off = Set.copyOf(off);
    }
}
