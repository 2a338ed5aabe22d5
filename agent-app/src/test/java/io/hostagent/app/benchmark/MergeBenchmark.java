// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/** One list of a thousand nodes with 50 containers each, which one process plays. */
final class MergeBenchmark {

    static final int PEERS = 1_000;
    static final int CONTAINERS = 50;

    private static final double LONGEST_SECONDS = 120;
    private static final String ADDED = ",\"Portainer\":{\"Agent\":{\"NodeName\":\"node0000\"}}";

    /** A process that merges, and how it is asked. */
    record Merger(long pid, Callable<HttpWire> connect, String headers) {}

    private final long bytes;

    MergeBenchmark(StubPeers peers) {
        bytes = peers.bytes() + (long) PEERS * CONTAINERS * ADDED.length() + PEERS - 1 + 3;
    }

    /**
     * What was measured.
     *
     * @param first seconds until the first list with all nodes was there, from the first request on
     * @param attempts lists until one had all nodes
     * @param later median seconds of the lists after that
     * @param firstGrown megabytes of resident memory at the highest point until then, beyond those
     *     before the first request
     * @param grown the same for all lists
     */
    record Result(double first, int attempts, double later, double firstGrown, double grown) {}

    Result run(Merger merger, int lists) throws Exception {
        double before = megabytes(merger.pid(), "VmRSS:");
        try (HttpWire client = merger.connect().call()) {
            long start = System.nanoTime();
            int attempts = 1;
            while (list(client, merger) != bytes) {
                attempts++;
                if ((System.nanoTime() - start) / 1e9 > LONGEST_SECONDS) {
                    throw new IOException("There is no list with all nodes");
                }
            }
            double first = (System.nanoTime() - start) / 1e9;
            double firstPeak = megabytes(merger.pid(), "VmHWM:");
            double[] seconds = new double[lists];
            for (int i = 0; i < lists; i++) {
                long begin = System.nanoTime();
                if (list(client, merger) != bytes) {
                    throw new IOException("A node is missing in a later list");
                }
                seconds[i] = (System.nanoTime() - begin) / 1e9;
            }
            Arrays.sort(seconds);
            double peak = megabytes(merger.pid(), "VmHWM:");
            return new Result(
                    first, attempts, seconds[lists / 2], firstPeak - before, peak - before);
        }
    }

    private static long list(HttpWire client, Merger merger) throws IOException {
        long start = System.nanoTime();
        long received = client.get("/containers/json?all=1", merger.headers());
        System.out.printf(
                Locale.ROOT,
                "%.1f MB in %.2f s, resident %.0f MB%n",
                received / 1e6,
                (System.nanoTime() - start) / 1e9,
                megabytes(merger.pid(), "VmRSS:"));
        return received;
    }

    private static double megabytes(long pid, String field) throws IOException {
        String line =
                Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                        .filter(l -> l.startsWith(field))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
    }
}
