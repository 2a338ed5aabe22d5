// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFactsTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void tellOfTheSystemOfTheHost() {
        RecordedHost host =
                RecordedHost.in(folder).copy("etc/os-release", "facts/debian-12.os-release");

        assertThat(SystemFacts.operatingSystem(host.files()).values())
                .containsEntry("name", "Debian GNU/Linux 12 (bookworm)")
                .containsEntry("id", "debian")
                .containsEntry("version", "12");
    }

    @Test
    void takeTheVendorsFileWhereTheAdministratorHasNone() {
        RecordedHost host =
                RecordedHost.in(folder).file("usr/lib/os-release", "PRETTY_NAME='Alpine'\n");

        assertThat(SystemFacts.operatingSystem(host.files()).values())
                .containsEntry("name", "Alpine");
    }

    @Test
    void tellOfTheKernel() {
        RecordedHost host =
                RecordedHost.in(folder)
                        .with("microvm.tree")
                        .copy("proc/stat", "facts/microvm.stat");

        Part kernel = SystemFacts.kernel(host.files());

        assertThat(kernel.values())
                .containsEntry("type", "Linux")
                .containsEntry("release", "6.18.44-fc-v595")
                .containsEntry("architecture", "x86_64")
                .containsEntry("bootTime", "2026-11-21T12:34:38Z");
    }

    @Test
    void nameABootTimeThatTheKernelDoesNotTell() {
        assertThat(SystemFacts.bootTime("cpu 1 2\nbtime x\n")).isNull();
        assertThat(SystemFacts.bootTime(null)).isNull();
    }
}
