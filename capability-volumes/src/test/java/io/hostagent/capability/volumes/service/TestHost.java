// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.backend.DirectoryBackend;
import io.hostagent.capability.volumes.backend.LoopBackend;
import io.hostagent.capability.volumes.backend.Pools;
import io.hostagent.capability.volumes.backend.SharedBackend;
import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.capability.volumes.option.SpecChoice;
import io.hostagent.capability.volumes.option.VolumeClasses;
import io.hostagent.capability.volumes.option.VolumeOptions;
import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A host with real pools in a folder, on which an agent can be stopped and started again. */
final class TestHost implements AutoCloseable {

    static final Duration RETENTION = Duration.ofDays(7);

    final Path home;
    final List<VolumeUser> users = new CopyOnWriteArrayList<>();
    final List<VolumeEvent> events = new CopyOnWriteArrayList<>();
    final TestClock clock = new TestClock();
    final Tools tools = new Tools();
    private HostVolumes volumes;

    TestHost() throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "it mounts, and needs root");
        home = Files.createTempDirectory("volumes-host").toRealPath();
        volumes = opened();
    }

    private HostVolumes opened() throws IOException {
        HostVolumes opened = unopened();
        opened.open();
        return opened;
    }

    HostVolumes unopened() {
        List<Backend> backends =
                List.of(
                        new DirectoryBackend(home.resolve("pools/directory"), tools),
                        new LoopBackend(home.resolve("pools/loop"), tools),
                        new SharedBackend(home.resolve("shared"), tools));
        Pools pools = new Pools(backends);
        VolumeClasses classes =
                new VolumeClasses(
                        Map.of(
                                "gold", VolumeClasses.best(pools),
                                "silver", VolumeOptions.parse(Map.of("backend", "loop"))));
        return new HostVolumes(
                new Opening(
                        home,
                        home.resolve("mounts"),
                        home.resolve("keeper"),
                        () -> "this-host",
                        pools,
                        new SpecChoice(pools, classes, Optional.empty(), 64L << 20),
                        RETENTION,
                        TestHost::isSeen,
                        List.of(place -> users),
                        (from, to) -> copy(from, to),
                        events::add,
                        clock));
    }

    private static void isSeen(Path point, UUID id) throws IOException {
        if (!Mount.isPoint(point)) {
            throw new IOException("it is not mounted");
        }
    }

    private void copy(Path from, Path to) throws IOException {
        tools.run(Tool.CP, "--archive", "--", from + "/.", to.toString());
    }

    HostVolumes volumes() {
        return volumes;
    }

    /** As after a crash: nothing is tidied up. */
    HostVolumes restart() throws IOException {
        volumes.close();
        volumes = opened();
        return volumes;
    }

    /** As {@link #restart}, with something done while no agent runs. */
    HostVolumes restart(Meanwhile meanwhile) throws IOException {
        volumes.close();
        meanwhile.run();
        volumes = opened();
        return volumes;
    }

    /** Mounts what several hosts are to share. */
    Path mountShared() throws IOException {
        Path pool = Files.createDirectory(home.resolve("shared"));
        tools.run(Tool.MOUNT, "--types", "tmpfs", "--", "shared", pool.toString());
        Files.createFile(pool.resolve(".host-agent-shared"));
        return pool;
    }

    /** The ID of its folder. */
    String id() throws IOException {
        return Files.readAllLines(home.resolve("state/home")).getLast();
    }

    interface Meanwhile {
        void run() throws IOException;
    }

    List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve(folder))) {
            return files.toList();
        }
    }

    List<String> mounts() throws IOException {
        return Mount.read(Path.of("/proc/self/mountinfo")).stream()
                .map(Mount::point)
                .filter(point -> point.startsWith(home.toString()))
                .toList();
    }

    @Override
    public void close() throws IOException {
        volumes.close();
        for (String mount : mounts().reversed()) {
            tools.run(Tool.UMOUNT, "--", mount);
        }
        for (String line :
                tools.run(Tool.LOSETUP, "--list", "--noheadings", "-O", "NAME,BACK-FILE")
                        .lines()
                        .filter(line -> line.contains(home.toString()))
                        .toList()) {
            tools.run(Tool.LOSETUP, "--detach", line.split(" ", 2)[0]);
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }

    /** A clock that is set. */
    static final class TestClock extends Clock {

        private Instant now = Instant.parse("2026-11-21T10:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
