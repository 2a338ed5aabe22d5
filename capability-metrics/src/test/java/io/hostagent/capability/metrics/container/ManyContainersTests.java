// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.kernel.HostFiles;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyContainersTests {

    private static final int CONTAINERS = 500;
    private static final int AT_ONCE = 100;
    private static final long LIMIT = 60_000_000_000L;

    @TempDir private Path folder = Path.of("");

    /** Two megabytes for 500 containers, most of them the columns of samples as they grow. */
    @Test
    void makeLittleGarbage() {
        HostFiles files = host();
        List<ContainerDetails> containers = containers(0, CONTAINERS);
        try (ContainerMetrics metrics =
                new ContainerMetrics(
                        () -> files,
                        () -> containers,
                        () -> "29.0",
                        "1.2.3",
                        ContainerSettings.DEFAULTS,
                        new Descriptors(CONTAINERS * CgroupV2.FILES))) {
            for (int i = 0; i < 5; i++) {
                assertThat(read(metrics)).isEqualTo(CONTAINERS + 1);
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getTotalThreadAllocatedBytes();

            int read = read(metrics);

            long garbage = threads.getTotalThreadAllocatedBytes() - before;
            assertThat(read).isEqualTo(CONTAINERS + 1);
            assertThat(garbage).as("bytes").isLessThan(2L << 20);
        }
    }

    /** As many as start and stop within a minute at 100 a second. */
    @Test
    void leaveNothingOpenWhenSixThousandHaveComeAndGone() {
        HostFiles files = host();
        AtomicInteger first = new AtomicInteger();
        AtomicInteger count = new AtomicInteger(AT_ONCE);
        Descriptors descriptors = new Descriptors(CONTAINERS * CgroupV2.FILES);
        int all = descriptors.left();
        try (ContainerMetrics metrics =
                new ContainerMetrics(
                        () -> files,
                        () -> containers(first.get(), count.get()),
                        () -> "29.0",
                        "1.2.3",
                        ContainerSettings.DEFAULTS,
                        descriptors)) {
            for (int round = 0; round < 60; round++) {
                first.set(round * AT_ONCE % CONTAINERS);
                assertThat(read(metrics)).isEqualTo(AT_ONCE + 1);
                int held = all - descriptors.left();
                assertThat(held).isBetween(AT_ONCE, 2 * AT_ONCE * CgroupV2.FILES);
            }
            count.set(0);
            assertThat(read(metrics)).isEqualTo(1);
            read(metrics);
            assertThat(descriptors.left()).isGreaterThanOrEqualTo(all - CgroupV2.FILES);
        }
        assertThat(descriptors.left()).isEqualTo(all);
    }

    private static List<ContainerDetails> containers(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> Subjects.container(id(i), Subjects.PID + i, "bridge", Map.of()))
                .toList();
    }

    private static int read(ContainerMetrics metrics) {
        List<SampleSet> sets = metrics.scrape(ScrapeRequest.ALL, System.nanoTime() + LIMIT);
        return sets.stream()
                .flatMap(set -> set.families().stream())
                .filter(family -> family.family().name().equals("container_last_seen"))
                .mapToInt(family -> family.size())
                .sum();
    }

    private static String id(int number) {
        return "%064x".formatted(number);
    }

    private HostFiles host() {
        RecordedHost host = RecordedHost.in(folder).with("container/host.tree");
        List<String> lines = RecordedHost.text("container/v2.tree").lines().toList();
        String device = RecordedHost.text("container/host.tree");
        String net =
                device.lines()
                        .filter(line -> line.startsWith("proc/4711/net/dev"))
                        .findFirst()
                        .orElseThrow();
        for (int i = 0; i < CONTAINERS; i++) {
            for (String line : lines) {
                if (!line.startsWith("#")) {
                    add(host, line, i);
                }
            }
            add(host, net, i);
        }
        return host.files();
    }

    private static void add(RecordedHost host, String line, int number) {
        String own =
                line.replace(Subjects.ID, id(number))
                        .replace("4711", Integer.toString(Subjects.PID + number));
        int equals = own.indexOf(" = ");
        host.file(own.substring(0, equals), own.substring(equals + 3).replace("\\n", "\n"));
    }
}
