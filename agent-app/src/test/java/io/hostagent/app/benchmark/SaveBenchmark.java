// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.app.fixture.RunningAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/** {@code docker save} of a large image through the agent, beside the same on the socket. */
final class SaveBenchmark {

    private static final int WARM_UP = 3;

    private final Path socket;
    private final RunningAgent agent;
    private final String credentials;
    private final SSLContext tls;

    SaveBenchmark(Path socket, RunningAgent agent, String credentials, SSLContext tls) {
        this.socket = socket;
        this.agent = agent;
        this.credentials = credentials;
        this.tls = tls;
    }

    /**
     * What was measured.
     *
     * @param rate bytes per second through the agent divided by those on the socket
     * @param socatRate the same of socat, which relays TLS in C
     * @param grownMegabytes resident memory after the first save until the highest point of the
     *     rest
     */
    record Result(double rate, double socatRate, double grownMegabytes) {}

    Result run(String image, int rounds) throws IOException {
        try (Socat socat = Socat.start(socket, agent)) {
            return run(image, rounds, socat);
        }
    }

    private Result run(String image, int rounds, Socat socat) throws IOException {
        String path = "/images/get?names=" + image;
        double onSocket = 0;
        double throughAgent = 0;
        double throughSocat = 0;
        long before = 0;
        long peak = 0;
        for (int round = -WARM_UP; round < rounds; round++) {
            double s = seconds(HttpWire.unix(socket), path, "");
            double a = seconds(HttpWire.tls(tls, agent.port()), path, credentials);
            if (round < 0) {
                before = agent.residentBytes();
                continue;
            }
            double c = seconds(HttpWire.tls(tls, socat.port()), path, "");
            throughSocat += c;
            peak = Math.max(peak, agent.residentBytes());
            System.out.printf(
                    Locale.ROOT, "save: socket %.2f s, agent %.2f s, socat %.2f s%n", s, a, c);
            onSocket += s;
            throughAgent += a;
        }
        return new Result(onSocket / throughAgent, onSocket / throughSocat, (peak - before) / 1e6);
    }

    private static double seconds(HttpWire wire, String path, String headers) throws IOException {
        try (wire) {
            long start = System.nanoTime();
            wire.get(path, headers);
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
