// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowSourcesTests {

    private static final String TCP =
            """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0
               1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000 0
               2: 0100007F:1F90 0100007F:C002 01 00000000:00000000 00:00000000 00000000 0
               3: 0100007F:1F90 0100007F:C003 06 00000000:00000000 00:00000000 00000000 0
               4: 0100007F:1F90 0100007F:C004 0C 00000000:00000000 00:00000000 00000000 0
            """;
    private static final String UDP =
            """
               sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid \
             timeout inode ref pointer drops
              10: 00000000:0035 00000000:0000 07 00000010:00000200 00:00000000 00000000     0  \
                  0 11 2 0000000000000000 5
              11: 00000000:0044 00000000:0000 07 00000001:00000001 00:00000000 00000000     0  \
                  0 12 2 0000000000000000 2
            """;

    @TempDir private Path folder = Path.of("");

    private SlowNumbers.Target target(ContainerDetails details, Path processes, Path process) {
        return new SlowNumbers.Target(
                details,
                RecordedHost.in(folder).files(),
                processes,
                folder.resolve("sys/fs/cgroup/pids"),
                Optional.of(process),
                true,
                List.of(new MountedDevices.Mounted("254:0", "/dev/vda", "/")));
    }

    @Test
    void countsSocketsByState() throws IOException {
        KernelText text = new KernelText();
        text.take(TCP);
        assertThat(SocketStates.tcp(text))
                .containsExactly(2L, 0L, 1L, 0L, 0L, 1L, 0L, 0L, 0L, 1L, 0L);
        text.take(UDP);
        assertThat(SocketStates.udp(text)).containsExactly(2L, 7L, 0x201L, 0x11L);
    }

    @Test
    void readsTheSocketsOfANetwork() throws IOException {
        RecordedHost.in(folder).file("proc/4711/net/tcp", TCP).file("proc/4711/net/udp", UDP);
        SocketStates source = new SocketStates();
        Numbers numbers = new Numbers();

        source.add(
                source.read(
                        target(Subjects.recorded(), folder, folder.resolve("proc/4711")),
                        () -> false),
                numbers);

        SampleSet samples = new SampleSet();
        numbers.write(Labels.NONE, samples);
        assertThat(Samples.of(List.of(samples)).all())
                .hasSize(15)
                .containsEntry("container_network_tcp_usage_total{tcp_state=established}", 2.0)
                .containsEntry("container_network_udp_usage_total{udp_state=dropped}", 7.0);
    }

    @Test
    void countsProcessesAndWhatTheyHaveOpen() throws IOException {
        Path own = Path.of("/proc/self").toRealPath();
        RecordedHost.in(folder)
                .file("sys/fs/cgroup/pids/pids.current", "17\n")
                .file("sys/fs/cgroup/pids/pids.max", "max\n")
                .file("processes", own.getFileName() + "\n")
                .link("proc/" + own.getFileName(), own.toString());
        ProcessCounts source = new ProcessCounts();
        Numbers numbers = new Numbers();

        source.add(
                source.read(
                        target(Subjects.recorded(), folder.resolve("processes"), own), () -> false),
                numbers);

        assertThat(numbers.get(ContainerValue.PROCESSES)).isEqualTo(1);
        assertThat(numbers.get(ContainerValue.FILE_DESCRIPTORS)).isGreaterThan(3);
        assertThat(numbers.get(ContainerValue.THREADS)).isEqualTo(17);
        assertThat(numbers.get(ContainerValue.THREADS_MAX)).isZero();
        assertThat(numbers.get(ContainerValue.ULIMIT_OPEN_FILES)).isPositive();
    }

    @Test
    void readsLimitsOfOpenFiles() {
        assertThat(ProcessCounts.openFiles("x\nMax open files            1024   4096   files \n"))
                .hasValue(1_024);
        assertThat(ProcessCounts.openFiles("Max open files            unlimited   4096 \n"))
                .hasValue(-1);
        assertThat(ProcessCounts.openFiles(null)).isEmpty();
    }

    @Test
    void addsUpBlocksAndNotSizesAndEveryFileOnce() throws IOException {
        Path layer = Files.createDirectories(folder.resolve("layer/deep/deeper"));
        Files.write(layer.resolve("small"), new byte[10_000]);
        Files.createLink(layer.resolve("again"), layer.resolve("small"));
        Files.createSymbolicLink(layer.resolve("away"), Path.of("/"));
        try (FileChannel holes =
                FileChannel.open(
                        layer.resolve("holes"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            holes.write(ByteBuffer.wrap(new byte[] {1}), 100L << 20);
        }
        Files.createDirectories(folder.resolve("logs"));
        Files.write(folder.resolve("logs/json.log"), new byte[20_000]);

        DiskUsage.Usage usage =
                new DiskUsage()
                        .read(
                                target(stored("/layer", "/logs/json.log"), folder, folder),
                                () -> false);

        // Three folders and small, away, holes; one folder and its log.
        assertThat(usage.files()).isEqualTo(8);
        assertThat(usage.bytes()).isBetween(30_000.0, 300_000.0);
        assertThat(usage.size()).isGreaterThan(usage.bytes());
        assertThat(usage.device()).hasToString("device=\"/dev/vda\"");
    }

    @Test
    void findsTheLayerInTheMountsOfTheProcess() {
        String mounts =
                "1 0 0:99 / / rw,relatime master:3 - overlay overlay"
                        + " rw,lowerdir=/l/9/fs:/l/8/fs,upperdir=/var/lib/c/10/fs,workdir=/w\n"
                        + "2 1 0:5 / /proc rw - proc proc rw\n";

        assertThat(DiskUsage.upper(mounts)).contains("/var/lib/c/10/fs");
        assertThat(DiskUsage.upper("2 1 0:5 / /proc rw - proc proc rw\n")).isEmpty();
    }

    @Test
    void knowsWhichDeviceHoldsAPath() {
        KernelText text = new KernelText();
        text.take(
                """
                1 0 254:0 / / rw shared:1 - ext4 /dev/vda rw
                2 1 0:5 / /proc rw - proc proc rw
                3 1 8:1 / /var/lib rw shared:2 master:1 - xfs /dev/sda1 rw
                4 1 254:0 /x /var/lib/bound rw - ext4 /dev/vda rw
                5 1 0:41 / /mnt/my\\040disk rw - btrfs /dev/sdb rw
                6 1 0:42 / /mnt/slow rw - fuseblk /dev/sdc rw
                """);
        MountedDevices devices = new MountedDevices();

        devices.parse(text);

        assertThat(devices.all())
                .extracting(MountedDevices.Mounted::source)
                .containsExactly("/dev/vda", "/dev/sda1", "/dev/sdb");
        assertThat(MountedDevices.holding("/var/lib/docker/x", devices.mounts()))
                .map(MountedDevices.Mounted::source)
                .contains("/dev/sda1");
        assertThat(MountedDevices.holding("/var/library", devices.mounts()))
                .map(MountedDevices.Mounted::source)
                .contains("/dev/vda");
        assertThat(MountedDevices.holding("/mnt/my disk/x", devices.mounts()))
                .map(MountedDevices.Mounted::number)
                .contains("0:41");
    }

    private static ContainerDetails stored(String layer, String log) {
        ContainerDetails plain = Subjects.container(Subjects.ID, 1, "bridge", Map.of());
        return new ContainerDetails(
                plain.container(),
                1,
                plain.started(),
                "none",
                0,
                "",
                "bridge",
                List.of(),
                List.of(),
                Optional.of(layer),
                Optional.of(log),
                Map.of());
    }
}
