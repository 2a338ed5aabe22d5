// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.RunningCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Engines that start, wait and die at the wrong moment. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VolumeEngineFaultsIT extends OnVolumesAgent {

    @BeforeAll
    static void start() {
        agent = VolumesAgent.start("26", Map.of());
    }

    @AfterAll
    static void end() {
        removeAll();
    }

    private static Duration timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    @DisplayName(
            "C-52 as a service: twenty volumes that an engine remembers do not hold up its start")
    void twentyVolumesDoNotHoldUpTheEngine() {
        agent.host().stopEngine();
        Duration without = timed(() -> agent.host().startEngine());
        for (int i = 0; i < 20; i++) {
            agent.create("c52-" + i);
        }
        agent.host().stopEngine();
        Duration with = timed(() -> agent.host().startEngine());

        assertThat(with).isLessThan(without.plusSeconds(10));
        assertThat(
                        agent.dockerOk("volume", "ls", "--quiet")
                                .lines()
                                .filter(name -> name.startsWith("c52-")))
                .hasSize(20);
    }

    @Test
    @DisplayName("F-33: an engine that is killed while it waits for a mount leaves no user")
    void anEngineThatDiesInAMountLeavesNoUser() {
        agent.create("f33", "backend=btrfs");
        agent.on("fsfreeze", "--freeze", VolumesAgent.BTRFS);
        RunningCommand run;
        try {
            run = agent.cli().start("run", "--volume=f33:/d", VolumesAgent.IMAGE, "true");
            agent.awaitBlockedThread();
            agent.host().killEngine();
        } finally {
            agent.on("fsfreeze", "--unfreeze", VolumesAgent.BTRFS);
        }
        run.close();
        agent.host().startEngine();

        assertThat(agent.in("f33", "echo x >/d/f; cat /d/f")).isEqualTo("x");
        agent.removeContainers();
        awaitFree("f33");
    }

    @Test
    @DisplayName(
            "F-34: an engine that starts waits for a plugin that stands still, and goes on with it")
    void anEngineWaitsForAPluginThatStandsStill() {
        agent.in("f34", "echo kept >/d/f");
        agent.host().stopEngine();
        agent.freeze();
        try {
            CompletableFuture<Void> start =
                    CompletableFuture.runAsync(() -> agent.host().startEngine());
            agent.awaitEngineProcess();
            // The documented limit: no engine gives up on a plugin that takes its connection.
            Awaitility.await()
                    .during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> !start.isDone());
            agent.thaw();
            start.join();
        } finally {
            agent.thaw();
        }
        assertThat(agent.in("f34", "cat /d/f")).isEqualTo("kept");
    }

    @Test
    @DisplayName("F-35: the agent serves while the engine is away, hangs, and comes back")
    void servesWithoutAnEngine() {
        agent.in("f35", "echo kept >/d/f");
        agent.host().stopEngine();
        agent.stop();
        agent.start();
        assertThat(agent.plugin().get("f35").err()).isEmpty();
        agent.host().startEngine();
        assertThat(agent.in("f35", "cat /d/f")).isEqualTo("kept");

        agent.signalEngine("STOP");
        try {
            agent.stop();
            agent.start();
            assertThat(agent.plugin().get("f35").err()).isEmpty();
            assertThat(agent.plugin().get("f35").took()).isLessThan(Duration.ofSeconds(1));
            assertThat(agent.api().names()).contains("f35");
        } finally {
            agent.signalEngine("CONT");
        }
        assertThat(agent.in("f35", "cat /d/f")).isEqualTo("kept");
    }

    @Test
    @Order(1) // while the engine remembers no other volume that it would wait for
    @DisplayName(
            "C-53: after a loss of power no container runs on what is not its volume, and all come back")
    void containersComeBackAfterALossOfPower() {
        agent.create("c53", "backend=loop", "size=64m");
        Writer writer = Writer.start(agent, "c53", "c53", "--restart=always");

        agent.powerCycle();
        int before = writer.count();
        assertThat(agent.dockerOk("ps", "--quiet", "--filter=name=c53")).isEmpty();
        agent.start();

        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> writer.count() > before);
        writer.check();
        assertThat(Writer.linesIn(agent.data("c53"))).isGreaterThan(before);
        assertThat(agent.mounts("c53")).hasSize(1);
        assertThat(List.of("c53")).isSubsetOf(agent.api().names());
    }
}
