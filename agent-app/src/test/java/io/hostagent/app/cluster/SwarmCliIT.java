// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.ConsoleClient;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.RunningCommand;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The docker client at one agent, for containers of other nodes: without a header that names the
 * node, as if everything were on one host.
 */
class SwarmCliIT extends OnSwarm {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final NodeAgent here = manager;
    private final NodeAgent there = last;
    private final String name = Workloads.nameOn(there.host());
    private final DockerCli docker = here.cli();

    @Test
    void everyAgentReachesTheContainersOfAll() {
        for (NodeAgent agent : swarm().agents()) {
            for (NodeAgent owner : swarm().agents()) {
                String container = Workloads.nameOn(owner.host());
                assertThat(agent.cli().run("exec", container, "hostname").orThrow().out())
                        .isEqualTo(owner.name() + "\n");
                assertThat(agent.cli().run("logs", container).orThrow().out())
                        .startsWith("this is " + owner.name() + "\n");
            }
        }
    }

    @Test
    void inspectsByNameIdAndBeginningOfAnId() {
        String id = there.host().cli().run("inspect", "-f", "{{.Id}}", name).orThrow().out();
        for (String given : List.of(name, id.strip(), id.substring(0, 12))) {
            assertThat(docker.run("inspect", "-f", "{{.Id}}", given).orThrow().out()).isEqualTo(id);
        }
    }

    @Test
    void exitStatusErrorsAndStreamsOfAnExecPass() {
        CommandResult result = docker.run("exec", name, "sh", "-c", "echo o; echo e >&2; exit 7");

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.out()).isEqualTo("o\n");
        assertThat(result.err()).isEqualTo("e\n");
    }

    @Test
    void inputOfAnExecArrivesWholeAndItsEndToo() throws Exception {
        byte[] input = new byte[5_000_000];
        new Random(1).nextBytes(input);
        String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input));

        CommandResult result = docker.run(input, List.of("exec", "-i", name, "sha256sum"));

        assertThat(result.orThrow().out()).startsWith(sum);
    }

    @Test
    void logsThatAreFollowedArriveAsTheyAreWritten() {
        try (RunningCommand logs = docker.start("logs", "--follow", "--tail=0", name)) {
            // The log is that of the first process; its output is where an exec can write, too.
            logs.awaitOut(
                    out -> {
                        docker.run("exec", name, "sh", "-c", "echo tick >/proc/1/fd/1").orThrow();
                        return out.contains("tick\n");
                    },
                    LIMIT);
        }
    }

    @Test
    void stopsStartsAndRemoves() {
        there.host()
                .cli()
                .run("run", "-d", "--name=passing", "lab/workload:1", "sleep", "600")
                .orThrow();
        try {
            assertThat(docker.run("stop", "passing").orThrow().out()).isEqualTo("passing\n");
            assertThat(state("passing")).isEqualTo("exited");
            docker.run("start", "passing").orThrow();
            assertThat(state("passing")).isEqualTo("running");
            docker.run("rm", "--force", "passing").orThrow();
            assertThat(there.host().cli().run("inspect", "passing").succeeded()).isFalse();
        } finally {
            there.host().cli().run("rm", "--force", "passing");
        }
    }

    @Test
    @DisplayName("40: a terminal on another node, with a target and without")
    void aTerminalIsOpenedOnAnyNodeThroughAnyAgent() {
        for (String target : List.of(there.name(), "")) {
            try (ConsoleClient terminal = here.terminal(name, target, "sh")) {
                terminal.type("echo $((6*7)) $(hostname)\n");
                terminal.await(text -> text.contains("42 " + there.name()));
                terminal.type("exit\n");
                assertThat(terminal.awaitClosed().status()).isEqualTo(1000);
            }
        }
    }

    private String state(String container) {
        return there.host()
                .cli()
                .run("inspect", "-f", "{{.State.Status}}", container)
                .orThrow()
                .out()
                .strip();
    }

    @Test
    void theClientListsTheContainersOfAllNodes() {
        assertThat(docker.run("ps", "--format", "{{.Names}}").orThrow().out().lines())
                .containsAll(
                        swarm().agents().stream()
                                .map(agent -> Workloads.nameOn(agent.host()))
                                .toList());
    }

    @Test
    void aWorkersAgentServesWhatNeedsAManager() {
        DockerCli worker = there.cli();
        assertThat(worker.run("service", "ls", "--format", "{{.Name}}").orThrow().out())
                .isEqualTo(SwarmOfAgents.SERVICE + "\n");
        assertThat(worker.run("node", "ls", "--format", "{{.Hostname}}").orThrow().out().lines())
                .hasSize(swarm().agents().size());
        byte[] value = "value".getBytes(UTF_8);
        assertThat(worker.run(value, List.of("config", "create", "cli-it", "-")).succeeded())
                .isTrue();
        assertThat(swarm().docker().run("config", "rm", "cli-it").succeeded()).isTrue();
    }
}
