// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.docker.ApiRange;
import io.hostagent.core.docker.ApiVersion;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.kernel.HostFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's file of the container says {@code vm} in all of these. */
class HostnameTests {

    private static final Optional<EngineInfo> ENGINE =
            Optional.of(
                    new EngineInfo(
                            "id",
                            "node7",
                            "26.1.5",
                            new ApiRange(new ApiVersion(1, 24), new ApiVersion(1, 45)),
                            new EngineInfo.SwarmState(false, false, ""),
                            Instant.EPOCH));

    @TempDir private Path folder = Path.of("");

    @Test
    void isWhatTheEngineOfThisHostSays() {
        assertThat(Hostname.find(inContainer(true), ENGINE).values())
                .containsEntry("name", "node7")
                .containsEntry("source", "engine");
    }

    @Test
    void isWhatTheHostIsConfiguredToBeWithoutAnEngine() {
        assertThat(Hostname.find(inContainer(true), Optional.empty()).values())
                .containsEntry("name", "configured")
                .containsEntry("source", "/etc/hostname");
    }

    @Test
    void isAbsentWhenNobodyKnows() {
        Part part = Hostname.find(inContainer(false), Optional.empty());

        assertThat(part.values()).isEmpty();
        assertThat(part.json().get("absent")).asString().contains("what=name", "/host");
    }

    private HostFiles inContainer(boolean mounted) {
        RecordedHost host =
                RecordedHost.in(folder)
                        .with("microvm.tree")
                        .file("host/proc/sys/kernel/hostname", "vm\n")
                        .file("host/etc/hostname", "configured\n");
        return new HostFiles(
                folder.resolve("proc"),
                host.sys(),
                mounted ? Optional.of(folder.resolve("host")) : Optional.empty(),
                Optional.empty(),
                Optional.of(new Absence("not mounted", "-v /:/host:ro")));
    }
}
