// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.RunningCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes on and on (logs, events, statistics) arrives when it happens. */
class DockerCliFollowIT extends OnBothEngines {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /**
     * A container prints the machine's uptime, which is one clock (of 10 ms) for it and for this
     * test; the age of each line is taken when the client has printed it. The median of nine is
     * compared with the limit, because a single one also measures how busy this machine is.
     */
    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void aNewLineOfTheLogArrivesWithinATenthOfASecond(String client) throws Exception {
        Session direct = new Session(ways().direct(engine()));
        direct.run(
                        "run",
                        "-d",
                        "--name",
                        "lf",
                        WORKLOAD,
                        "sh",
                        "-c",
                        "while read up idle </proc/uptime; do echo $up; sleep 0.2; done")
                .orThrow();
        try (RunningCommand follow =
                ways().relayed(client).start("logs", "-f", "--tail", "1", "lf")) {
            List<Double> ages = new ArrayList<>();
            int seen = lines(follow.awaitOut(out -> out.contains("\n"), LIMIT)).size();
            while (ages.size() < 9) {
                int before = seen;
                String out = follow.awaitOut(text -> lines(text).size() > before, LIMIT);
                double now = uptime();
                seen = lines(out).size();
                ages.add(now - Double.parseDouble(lines(out).getLast()));
            }
            Collections.sort(ages);
            assertThat(ages.get(4)).as("ages of lines in seconds %s", ages).isLessThan(0.1);
        } finally {
            direct.run("rm", "-f", "lf");
        }
    }

    @Test
    void anEventArrivesWhenItHappens() throws Exception {
        DockerCli direct = ways().direct(engine());
        try (RunningCommand events =
                ways().relayed(engine()).start("events", "--format", "{{.Action}} {{.Actor.ID}}")) {
            // The first is tried until the subscription is there.
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(
                            () -> {
                                direct.run("volume", "create", "ev1").orThrow();
                                direct.run("volume", "rm", "ev1").orThrow();
                                return events.out().contains("destroy ev1");
                            });
            direct.run("volume", "create", "ev2").orThrow();
            events.awaitOut(out -> out.contains("create ev2"), Duration.ofMillis(500));
            direct.run("volume", "rm", "ev2").orThrow();
        }
    }

    @Test
    void statisticsGoOnArriving() throws Exception {
        DockerCli direct = ways().direct(engine());
        direct.run("run", "-d", "--name", "st", WORKLOAD, "sleep", "600").orThrow();
        try (RunningCommand stats =
                ways().relayed(engine()).start("stats", "--format", "{{.Name}} {{.PIDs}}", "st")) {
            stats.awaitOut(out -> out.split("st 1", -1).length > 3, LIMIT);
        } finally {
            direct.run("rm", "-f", "st");
        }
    }

    @Test
    void aFollowedLogEndsWithItsContainer() throws Exception {
        ways().play(
                        engine(),
                        docker -> {
                            docker.run(
                                    "run",
                                    "-d",
                                    "-i",
                                    "--name",
                                    "le",
                                    WORKLOAD,
                                    "sh",
                                    "-c",
                                    "read x; echo last");
                            try (RunningCommand logs = docker.start("logs", "-f", "le")) {
                                CommandResult go = docker.cli().run("stop", "-t", "0", "le");
                                docker.note("stop", go);
                                docker.note("logs", logs.await(LIMIT));
                            }
                            docker.run("rm", "le");
                        });
    }

    private static List<String> lines(String text) {
        return text.lines()
                .limit(Math.max(0, text.chars().filter(c -> c == '\n').count()))
                .toList();
    }

    private static double uptime() throws Exception {
        return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
    }
}
