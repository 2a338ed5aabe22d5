// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the host's clock is kept in time, and by what. */
final class ClockFacts {

    /** Where systemd-timesyncd(8) leaves a mark at each synchronisation. */
    private static final String TIMESYNCD = "run/systemd/timesync/synchronized";

    private record Daemon(String name, String sign) {}

    /** What is there while a daemon runs. */
    private static final List<Daemon> DAEMONS =
            List.of(
                    new Daemon("systemd-timesyncd", "run/systemd/timesync"),
                    new Daemon("chrony", "run/chrony/chronyd.pid"),
                    new Daemon("chrony", "run/chronyd.pid"),
                    new Daemon("ntpd", "run/ntpd.pid"),
                    new Daemon("openntpd", "run/ntpd.sock"));

    /** Asks the kernel; seccomp may be in the way. */
    interface Source {
        KernelClock read() throws IOException;
    }

    private final Source kernel;
    private final Clock clock;

    ClockFacts(Source kernel, Clock clock) {
        this.kernel = kernel;
        this.clock = clock;
    }

    Part read(HostFiles files) {
        Part part = new Part().with("time", clock.instant().toString());
        try {
            KernelClock state = kernel.read();
            part.with("synchronised", state.synchronised())
                    .with("maximumErrorSeconds", state.maximumErrorSeconds())
                    .with("estimatedErrorSeconds", state.estimatedErrorSeconds())
                    .with("offsetSeconds", state.offsetSeconds());
        } catch (IOException e) {
            part.without(
                    "synchronised",
                    String.valueOf(e.getMessage()),
                    "allow adjtimex in the seccomp profile of the agent's container");
        }
        files.root()
                .ifPresentOrElse(
                        root -> daemon(part, root), () -> part.without("daemon", absence(files)));
        return part;
    }

    private static void daemon(Part part, Path root) {
        List<String> running = new ArrayList<>();
        for (Daemon daemon : DAEMONS) {
            if (Files.exists(root.resolve(daemon.sign()), LinkOption.NOFOLLOW_LINKS)) {
                running.add(daemon.name());
            }
        }
        part.with(
                        "daemon",
                        running.isEmpty() ? null : running.getFirst(),
                        "none is known to run (systemd-timesyncd, chrony and ntpd are known)",
                        "")
                .with("lastSynchronised", lastSynchronised(root.resolve(TIMESYNCD)));
    }

    private static @Nullable String lastSynchronised(Path mark) {
        try {
            return Files.getLastModifiedTime(mark, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .toString();
        } catch (IOException e) {
            return null;
        }
    }

    private static Absence absence(HostFiles files) {
        return files.missing().orElseThrow();
    }
}
