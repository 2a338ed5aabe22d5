// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;

/** What the host asks of NFS servers, from {@code /proc/1/net/rpc/nfs}. */
final class NfsCollector implements NodeCollector {

    private static final Family PACKETS =
            Family.counter("node_nfs_packets_total", "Packets to and from NFS servers.");
    private static final Family CONNECTIONS =
            Family.counter("node_nfs_connections_total", "TCP connections to NFS servers.");
    private static final Family RPCS =
            Family.counter("node_nfs_rpcs_total", "Calls to NFS servers.");
    private static final Family RETRANSMISSIONS =
            Family.counter("node_nfs_rpc_retransmissions_total", "Calls that were sent again.");
    private static final Family REFRESHES =
            Family.counter(
                    "node_nfs_rpc_authentication_refreshes_total",
                    "How often NFS servers were convinced anew of who is calling.");
    private static final Family REQUESTS =
            Family.counter("node_nfs_requests_total", "Calls to NFS servers by what they ask.");

    private static final List<Labels> VERSION_2 =
            NfsLines.calls(
                    "2",
                    "Null GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove"
                            + " Rename Link SymLink MkDir RmDir ReadDir FsStat");
    private static final List<Labels> VERSION_3 =
            NfsLines.calls(
                    "3",
                    "Null GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink"
                            + " MkNod Remove RmDir Rename Link ReadDir ReadDirPlus FsStat FsInfo"
                            + " PathConf Commit");
    private static final List<Labels> VERSION_4 =
            NfsLines.calls(
                    "4",
                    "Null Read Write Commit Open OpenConfirm OpenNoattr OpenDowngrade Close"
                            + " Setattr FsInfo Renew SetClientID SetClientIDConfirm Lock Lockt"
                            + " Locku Access Getattr Lookup LookupRoot Remove Rename Link Symlink"
                            + " Create Pathconf StatFs ReadLink ReadDir ServerCaps DelegReturn"
                            + " GetACL SetACL FsLocations ReleaseLockowner Secinfo FsidPresent"
                            + " ExchangeID CreateSession DestroySession Sequence GetLeaseTime"
                            + " ReclaimComplete LayoutGet GetDeviceInfo LayoutCommit LayoutReturn"
                            + " SecinfoNoName TestStateID FreeStateID GetDeviceList"
                            + " BindConnToSession DestroyClientID Seek Allocate DeAllocate"
                            + " LayoutStats Clone");

    private static final Labels UDP = Labels.of("protocol", "udp");
    private static final Labels TCP = Labels.of("protocol", "tcp");

    @Override
    public String name() {
        return "nfs";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        scrape.optional(scrape.net("rpc/nfs"), "NFS is not used");
        NfsLines lines = new NfsLines(scrape.text());
        samples.family(PACKETS).add(UDP, lines.number("net", 1));
        samples.family(PACKETS).add(TCP, lines.number("net", 2));
        samples.family(CONNECTIONS).add(lines.number("net", 3));
        samples.family(RPCS).add(lines.number("rpc", 0));
        samples.family(RETRANSMISSIONS).add(lines.number("rpc", 1));
        samples.family(REFRESHES).add(lines.number("rpc", 2));
        FamilySamples requests = samples.family(REQUESTS);
        lines.tell("proc2", VERSION_2, requests);
        lines.tell("proc3", VERSION_3, requests);
        lines.tell("proc4", VERSION_4, requests);
    }
}
