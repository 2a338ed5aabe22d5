// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.RunningCommand;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a docker client prints and how it ends is the same on the engine's socket and through the
 * agent.
 */
class DockerCliParityIT extends OnBothEngines {

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void whatIsReadIsTheSame(String client) throws Exception {
        TwoWays ways = ways();
        Session docker = new Session(ways.direct(engine()));
        docker.run("volume", "create", "--label", "a=b", "parity-v").orThrow();
        docker.run("network", "create", "--label", "a=b", "parity-n").orThrow();
        docker.run("run", "-d", "--name", "parity-r", "-v", "parity-v:/v", WORKLOAD, "sleep", "600")
                .orThrow();
        docker.run("run", "--name", "parity-e", WORKLOAD, "sh", "-c", "echo out; echo err >&2")
                .orThrow();
        try {
            ways.same(client, "version");
            ways.same(client, "info");
            ways.same(client, "ps", "-aq", "--no-trunc");
            ways.same(client, "ps", "-a", "--format", "{{.ID}} {{.Names}} {{.Ports}} {{.Mounts}}");
            ways.same(client, "images", "--digests", "--no-trunc", "lab/workload");
            ways.same(client, "history", "--no-trunc", WORKLOAD);
            ways.same(client, "inspect", "parity-r", "parity-e");
            ways.same(client, "inspect", "--size", "parity-e");
            ways.same(client, "image", "inspect", WORKLOAD);
            ways.same(client, "network", "ls");
            ways.same(client, "network", "inspect", "parity-n", "bridge");
            ways.same(client, "volume", "ls");
            ways.same(client, "volume", "inspect", "parity-v");
            // Not the default columns: the share of CPU is another a moment later.
            ways.same(client, "top", "parity-r", "-o", "pid,ppid,user,args");
            ways.same(client, "diff", "parity-e");
            ways.same(client, "logs", "parity-e");
            ways.same(client, "logs", "-t", "--tail", "1", "parity-e");
            ways.same(client, "system", "df");
            ways.same(client, "inspect", "parity-none");
            ways.same(client, "rm", "parity-none");
            ways.same(client, "rm", "parity-r");
            ways.same(client, "rmi", "parity-none");
            ways.same(client, "logs", "parity-none");
            ways.play(client, scenario -> scenario.run("ps", "-a"));
            ways.play(client, scenario -> scenario.runForShape("stats", "--no-stream"));
        } finally {
            docker.run("rm", "-f", "parity-r", "parity-e");
            docker.run("network", "rm", "parity-n");
            docker.run("volume", "rm", "parity-v");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void aContainerLivesTheSame(String client) throws Exception {
        ways().play(
                        client,
                        docker -> {
                            docker.run("create", "--name", "life", WORKLOAD, "sleep", "600");
                            docker.run("start", "life");
                            docker.run("pause", "life");
                            docker.attempt("exec", "life", "true");
                            docker.run("unpause", "life");
                            docker.run("rename", "life", "life2");
                            docker.run(
                                    "update", "--memory", "64m", "--memory-swap", "64m", "life2");
                            docker.run("restart", "-t", "0", "life2");
                            docker.attempt("rm", "life2");
                            try (RunningCommand wait = docker.start("wait", "life2")) {
                                docker.run("kill", "-s", "KILL", "life2");
                                docker.note("wait", wait.await(Duration.ofSeconds(20)));
                            }
                            docker.run("start", "life2");
                            docker.run("stop", "-t", "0", "life2");
                            docker.run("inspect", "-f", "{{.State.Status}}", "life2");
                            docker.run("rm", "life2");
                            docker.attempt("start", "life2");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void volumesAndNetworksLiveTheSame(String client) throws Exception {
        ways().play(
                        client,
                        docker -> {
                            docker.run("volume", "create", "pv");
                            docker.run("run", "--rm", "-v", "pv:/v", WORKLOAD, "touch", "/v/f");
                            docker.run("run", "--rm", "-v", "pv:/v", WORKLOAD, "ls", "/v");
                            docker.run("volume", "ls", "--filter", "name=pv");
                            docker.run("volume", "rm", "pv");
                            docker.attempt("volume", "inspect", "pv");
                            docker.run("network", "create", "--subnet", "10.214.0.0/24", "pn");
                            docker.run("run", "-d", "--name", "pc", WORKLOAD, "sleep", "600");
                            docker.run("network", "connect", "--ip", "10.214.0.9", "pn", "pc");
                            docker.run(
                                    "exec",
                                    "pc",
                                    "sh",
                                    "-c",
                                    "ip addr show eth1 | grep -o 10.214.0.9/");
                            docker.attempt("network", "rm", "pn");
                            docker.run("network", "disconnect", "pn", "pc");
                            docker.run("network", "rm", "pn");
                            docker.run("rm", "-f", "pc");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void imagesLiveTheSame(String client) throws Exception {
        ways().play(
                        client,
                        docker -> {
                            docker.run("tag", WORKLOAD, "parity.example:5000/deep/er/x/v1.0:y");
                            docker.run(
                                    "inspect",
                                    "-f",
                                    "{{len .RepoTags}} {{.Id}}",
                                    "parity.example:5000/deep/er/x/v1.0:y");
                            docker.run("rmi", "parity.example:5000/deep/er/x/v1.0:y");
                            docker.run(
                                    "run", "--name", "pi", WORKLOAD, "sh", "-c", "echo 7 > /seven");
                            docker.run("diff", "pi");
                            docker.run(
                                    "commit",
                                    "-m",
                                    "seven",
                                    "-c",
                                    "ENV A=b",
                                    "pi",
                                    "parity/seven:1");
                            docker.run(
                                    "run",
                                    "--rm",
                                    "parity/seven:1",
                                    "sh",
                                    "-c",
                                    "cat /seven; echo $A");
                            docker.run("rm", "pi");
                            docker.run("rmi", "parity/seven:1");
                            docker.attempt("pull", "parity.invalid/none:1");
                        });
    }

    @Test
    void eventsAreTheSame() throws Exception {
        Session docker = new Session(ways().direct(engine()));
        String since = docker.run("info", "-f", "{{.SystemTime}}").out().strip();
        docker.run("run", "--rm", WORKLOAD, "true").orThrow();
        docker.run("volume", "create", "ev").orThrow();
        docker.run("volume", "rm", "ev").orThrow();
        String until = docker.run("info", "-f", "{{.SystemTime}}").out().strip();
        for (String client : new String[] {"20", "26"}) {
            ways().same(client, "events", "--since", since, "--until", until);
        }
        assertThat(ways().relayed("26").run("events", "--since", since, "--until", until).out())
                .contains("container die", "volume destroy");
    }
}
