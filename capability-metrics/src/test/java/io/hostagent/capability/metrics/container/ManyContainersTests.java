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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyContainersTests {

    private static final int CONTAINERS = 150;
    private static final long LIMIT = 60_000_000_000L;

    @TempDir private Path folder = Path.of("");

    /** As much for each as makes two megabytes of 500, of which half are the samples. */
    @Test
    void makeLittleGarbage() {
        HostFiles files = host();
        List<ContainerDetails> containers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(Subjects.container(id(i), Subjects.PID + i, "bridge", Map.of()));
        }
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
            assertThat(garbage).as("bytes").isLessThan(CONTAINERS * 4_000L);
        }
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
