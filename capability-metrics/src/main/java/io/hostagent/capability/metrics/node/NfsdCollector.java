// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;

/** What the host serves by NFS, from {@code /proc/1/net/rpc/nfsd}. */
final class NfsdCollector implements NodeCollector {

    /** A number of a line that is a family of its own. */
    private record Counted(String word, int index, Family family) {}

    private static final List<Counted> NUMBERS =
            List.of(
                    new Counted("rc", 0, counter("reply_cache_hits", "Answers that were kept.")),
                    new Counted("rc", 1, counter("reply_cache_misses", "Answers to be kept.")),
                    new Counted("rc", 2, counter("reply_cache_nocache", "Answers not to keep.")),
                    new Counted("fh", 0, counter("file_handles_stale", "Files that were gone.")),
                    new Counted("io", 0, counter("disk_bytes_read", "Bytes read.")),
                    new Counted("io", 1, counter("disk_bytes_written", "Bytes written.")),
                    new Counted("th", 0, gauge("server_threads", "Threads that serve.")),
                    new Counted(
                            "ra",
                            0,
                            gauge("read_ahead_cache_size_blocks", "Room for reading ahead.")),
                    new Counted(
                            "ra",
                            11,
                            counter("read_ahead_cache_not_found", "What was not read ahead.")),
                    new Counted("net", 3, counter("connections", "TCP connections of clients.")),
                    new Counted("rpc", 0, counter("server_rpcs", "Calls of clients.")));

    private static final Family PACKETS = counter("packets", "Packets from and to clients.");
    private static final Family ERRORS = counter("rpc_errors", "Calls that were refused.");
    private static final Family REQUESTS = counter("requests", "Calls by what they ask.");

    private static Family counter(String name, String help) {
        return Family.counter("node_nfsd_" + name + "_total", help);
    }

    private static Family gauge(String name, String help) {
        return Family.gauge("node_nfsd_" + name, help);
    }

    private static final Labels UDP = Labels.of("proto", "udp");
    private static final Labels TCP = Labels.of("proto", "tcp");

    private static final List<Labels> REASONS =
            List.of(
                    Labels.of("error", "fmt"),
                    Labels.of("error", "auth"),
                    Labels.of("error", "cInt"));

    // A dash is a call that nobody asks about.
    private static final List<Labels> VERSION_2 =
            NfsLines.calls(
                    "2",
                    "- GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove"
                            + " Rename Link SymLink MkDir RmDir ReadDir FsStat");
    private static final List<Labels> VERSION_3 =
            NfsLines.calls(
                    "3",
                    "- GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink"
                            + " MkNod Remove RmDir Rename Link ReadDir ReadDirPlus FsStat FsInfo"
                            + " PathConf Commit");
    private static final List<Labels> VERSION_4 =
            NfsLines.calls(
                    "4",
                    "- - - Access Close Commit Create DelegPurge DelegReturn GetAttr GetFH Link"
                            + " Lock Lockt Locku Lookup LookupRoot Nverify Open OpenAttr"
                            + " OpenConfirm OpenDgrd PutFH - - Read ReadDir ReadLink Remove Rename"
                            + " Renew RestoreFH SaveFH SecInfo SetAttr SetClientID"
                            + " SetClientIDConfirm Verify Write"
                            + " RelLockOwner");

    /** Linux 6.9 counts these on a line of their own. */
    private static final Labels WRITE_DELEGATIONS =
            Labels.of("proto", "4", "method", "WdelegGetattr");

    @Override
    public String name() {
        return "nfsd";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        scrape.optional(scrape.net("rpc/nfsd"), "no NFS server");
        NfsLines lines = new NfsLines(scrape.text());
        for (Counted number : NUMBERS) {
            samples.family(number.family()).add(lines.number(number.word(), number.index()));
        }
        samples.family(PACKETS).add(UDP, lines.number("net", 1));
        samples.family(PACKETS).add(TCP, lines.number("net", 2));
        for (int i = 0; i < REASONS.size(); i++) {
            samples.family(ERRORS).add(REASONS.get(i), lines.number("rpc", i + 2));
        }
        FamilySamples requests = samples.family(REQUESTS);
        lines.tell("proc2", VERSION_2, requests);
        lines.tell("proc3", VERSION_3, requests);
        lines.tell("proc4ops", VERSION_4, requests);
        requests.add(WRITE_DELEGATIONS, lines.number("wdeleg_getattr", 0));
    }
}
