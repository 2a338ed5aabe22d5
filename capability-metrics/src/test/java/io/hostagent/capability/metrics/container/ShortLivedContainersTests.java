// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Containers as the kernel sees them, cgroups and a process with a network of its own, that come
 * and go a hundred times a second, if the machine can do that, while somebody scrapes all the time.
 * No engine starts more than some five a second here.
 */
class ShortLivedContainersTests {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** How many there are at once, so that each lives for a tenth of a second. */
    private static final int ALIVE = 10;

    private static final Duration EACH = Duration.ofMillis(10);
    private static final Duration SCRAPE = Duration.ofSeconds(20);

    /** {@code -Dcontainers=6000} for a minute of it. */
    private static final int CONTAINERS = Integer.getInteger("containers", 1_000);

    private final ConcurrentLinkedQueue<ContainerDetails> known = new ConcurrentLinkedQueue<>();
    private final Deque<Running> running = new ArrayDeque<>();
    private int count;

    /** A process in cgroups of its own. */
    private record Running(ContainerDetails container, Process process, List<Path> cgroups) {}

    @BeforeAll
    static void needRoot() {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && !hierarchies().isEmpty()
                        && hierarchies().stream().allMatch(Files::isWritable),
                "making cgroups needs root, and a tree of them to write to");
    }

    /** The roots of version 1, or the one of version 2. */
    private static List<Path> hierarchies() {
        if (Files.exists(CGROUPS.resolve("cgroup.procs"))) {
            return List.of(CGROUPS);
        }
        return Stream.of("memory", "cpu", "cpuacct", "blkio", "pids")
                .map(CGROUPS::resolve)
                .filter(folder -> Files.exists(folder.resolve("cgroup.procs")))
                .toList();
    }

    @Test
    @Timeout(180)
    void leaveNothingOpen() throws Exception {
        HostFiles files = HostFiles.of(new HostRoot());
        try (ContainerMetrics metrics =
                new ContainerMetrics(
                        () -> files,
                        () -> List.copyOf(known),
                        () -> "26.1",
                        "1.2.3",
                        ContainerSettings.DEFAULTS)) {
            oneComesAndGoes(metrics);
            long before = descriptors();
            int most = 0;
            int scrapes = 0;
            long begun = System.nanoTime();
            FutureTask<Boolean> all = new FutureTask<>(this::comeAndGo);
            Thread.ofPlatform().start(all);
            while (!all.isDone()) {
                most = Math.max(most, seen(metrics));
                scrapes++;
            }
            assertThat(all.get()).isTrue();
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    "%d starts and stops, %.0f a second, %d scrapes%n",
                    CONTAINERS, CONTAINERS / seconds, scrapes);

            assertThat(most).as("beside the host itself").isBetween(2, ALIVE + 2);
            assertThat(seen(metrics)).isEqualTo(1);
            seen(metrics);
            await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before));
            assertThat(networks()).isZero();
        } finally {
            while (!running.isEmpty()) {
                stop();
            }
        }
    }

    /** Opens what stays open. */
    private void oneComesAndGoes(ContainerMetrics metrics) {
        start();
        assertThat(seen(metrics)).isEqualTo(2);
        stop();
        assertThat(seen(metrics)).isEqualTo(1);
        seen(metrics);
    }

    private boolean comeAndGo() {
        long next = System.nanoTime();
        for (int i = 0; i < CONTAINERS; i++) {
            start();
            if (running.size() > ALIVE) {
                stop();
            }
            next += EACH.toNanos();
            LockSupport.parkNanos(next - System.nanoTime());
        }
        while (!running.isEmpty()) {
            stop();
        }
        return true;
    }

    private void start() {
        String id = "%064x".formatted(0xabcdef_0000L + count++);
        try {
            Process process = new ProcessBuilder("unshare", "--net", "sleep", "600").start();
            List<Path> cgroups = new ArrayList<>();
            for (Path hierarchy : hierarchies()) {
                Path cgroup = Files.createDirectories(hierarchy.resolve("host-agent-test/" + id));
                Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(process.pid()));
                cgroups.add(cgroup);
            }
            ContainerDetails container =
                    Subjects.container(id, Math.toIntExact(process.pid()), "bridge", Map.of());
            running.add(new Running(container, process, cgroups));
            known.add(container);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The engine tells of its end when the process is gone already. */
    private void stop() {
        Running oldest = running.remove();
        try {
            oldest.process().destroyForcibly().waitFor();
            for (Path cgroup : oldest.cgroups()) {
                Files.delete(cgroup);
            }
            known.remove(oldest.container());
            if (running.isEmpty()) {
                for (Path cgroup : oldest.cgroups()) {
                    Files.delete(cgroup.getParent());
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int seen(ContainerMetrics metrics) {
        return metrics.scrape(ScrapeRequest.ALL, System.nanoTime() + SCRAPE.toNanos()).stream()
                .flatMap(set -> set.families().stream())
                .filter(family -> family.family().name().equals("container_last_seen"))
                .mapToInt(FamilySamples::size)
                .sum();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** Open files that would keep the network of a dead container. */
    private static long networks() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(ShortLivedContainersTests::isOfANetwork).count();
        }
    }

    private static boolean isOfANetwork(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor)
                    .toString()
                    .matches("/proc/.*/net/.*|.*net:\\[.*");
        } catch (IOException e) {
            return false;
        }
    }
}
