// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.Exposition;
import io.hostagent.app.fixture.NodeExporter;
import io.hostagent.app.fixture.Project;
import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The agent and the real node_exporter on the same recorded files, which do not change: they have
 * to tell the same numbers, to the last digit. The agent finds the files as it does in a container,
 * mounted at {@code /host}.
 */
class NodeTreeParityIT {

    /** Collectors that read nothing but files. The others ask the kernel itself. */
    private static final List<String> COLLECTORS =
            List.of(
                    "arp",
                    "bonding",
                    "conntrack",
                    "cpu",
                    "cpufreq",
                    "diskstats",
                    "entropy",
                    "filefd",
                    "hwmon",
                    "loadavg",
                    "mdadm",
                    "meminfo",
                    "netclass",
                    "netdev",
                    "netstat",
                    "powersupplyclass",
                    "pressure",
                    "schedstat",
                    "sockstat",
                    "softnet",
                    "stat",
                    "thermal_zone",
                    "udp_queues",
                    "vmstat");

    private static final WantedDifferences WANTED = WantedDifferences.of("tree.differences");

    private static final Path MOUNT = Path.of("/host");

    @ParameterizedTest
    @ValueSource(strings = {"cgroup-v2.tree", "cgroup-v1.tree", "many-devices.tree"})
    void tellsWhatTheReferenceTells(String recording, @TempDir Path folder) throws IOException {
        Path root = tree(recording, folder);
        boolean made = !Files.exists(MOUNT);
        if (made) {
            Files.createDirectory(MOUNT);
        }
        List<String> mounted =
                List.of(
                        "unshare",
                        "--mount",
                        "sh",
                        "-ec",
                        "mount --bind \"$0\" " + MOUNT + "; exec \"$@\"",
                        root.toString());
        Map<String, String> on = Map.of("CAP_METRICS", "1");
        List<Difference> found = new ArrayList<>();
        int families = 0;
        try (NodeExporter reference =
                        NodeExporter.of(
                                Lab.open(),
                                root,
                                "--no-collector.netdev.netlink",
                                "--no-collector.arp.netlink");
                RunningAgent process = RunningAgent.startBy(mounted, on)) {
            AgentMetrics agent = AgentMetrics.of(process);
            for (String collector : COLLECTORS) {
                Exposition expected = Exposition.parse(reference.scrape(collector));
                Parity both = Parity.of(expected, agent.read("node", collector));
                found.addAll(WANTED.without(both.differences()));
                families += expected.families().size();
            }
        } finally {
            if (made) {
                Files.delete(MOUNT);
            }
        }
        assertThat(families).as("families that were compared").isGreaterThan(100);
        assertThat(found).isEmpty();
    }

    /** A folder that looks like a host's root, with mounts that are none of this machine's. */
    private static Path tree(String recording, Path folder) throws IOException {
        Path recorded =
                Project.root()
                        .resolve("capability-metrics/src/test/resources/recorded")
                        .resolve(recording);
        String mounts = "30 1 8:17 / /data rw,relatime - ext4 /dev/sdb1 rw\n";
        RecordedHost host =
                RecordedHost.in(folder)
                        .withLines(Files.readString(recorded))
                        .file("proc/1/mountinfo", mounts)
                        .file("proc/self/mountinfo", mounts)
                        .folder("etc")
                        .folder("usr")
                        .folder("data");
        return host.root();
    }
}
