// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.lab.DockerCli;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * {@code docker save} of a large image by the real client, through the agent, beside the same on
 * the socket and through {@code socat}, in alternating rounds.
 */
final class SaveBenchmark {

    /** The compiler of an agent that was just started is done by then. */
    private static final int WARM_UP = 6;

    private final Path socket;
    private final RunningAgent agent;
    private final DockerCli cli;

    /** {@code cli} is a client of the engine's socket. */
    SaveBenchmark(Path socket, RunningAgent agent, DockerCli cli) {
        this.socket = socket;
        this.agent = agent;
        this.cli = cli.withTimeout(Duration.ofMinutes(2));
    }

    /**
     * What was measured.
     *
     * @param rate bytes per second through the agent divided by those on the socket
     * @param socatRate the same of socat, which relays TLS in C
     * @param grownMegabytes resident memory after the first saves until the highest point of the
     *     rest
     */
    record Result(double rate, double socatRate, double grownMegabytes) {}

    Result run(String image, int rounds) throws IOException {
        try (Socat socat = Socat.start(socket, agent)) {
            return run(image, rounds, socat);
        }
    }

    private Result run(String image, int rounds, Socat socat) {
        DockerCli plain = cli.withTls().at("tcp://127.0.0.1:" + socat.port());
        DockerCli signed = cli.withTls().at("tcp://127.0.0.1:" + agent.port());
        for (Map.Entry<String, String> header : agent.key().headers().entrySet()) {
            signed = signed.withHeader(header.getKey(), header.getValue());
        }
        double onSocket = 0;
        double throughAgent = 0;
        double throughSocat = 0;
        long before = 0;
        long peak = 0;
        for (int round = -WARM_UP; round < rounds; round++) {
            double a = seconds(signed, image);
            if (round < 0) {
                before = agent.residentBytes();
                continue;
            }
            peak = Math.max(peak, agent.residentBytes());
            double s = seconds(cli, image);
            double c = seconds(plain, image);
            System.out.printf(
                    Locale.ROOT, "save: socket %.2f s, agent %.2f s, socat %.2f s%n", s, a, c);
            onSocket += s;
            throughAgent += a;
            throughSocat += c;
        }
        return new Result(onSocket / throughAgent, onSocket / throughSocat, (peak - before) / 1e6);
    }

    private static double seconds(DockerCli client, String image) {
        return client.discard("save", image).toNanos() / 1e9;
    }
}
