// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryFactsTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void tellWhatTheHostHas() {
        RecordedHost host = RecordedHost.in(folder).copy("proc/meminfo", "facts/microvm.meminfo");

        assertThat(MemoryFacts.read(host.files()).values())
                .containsEntry("totalBytes", 24684096L * 1024)
                .containsEntry("swapTotalBytes", 0L)
                .containsEntry("hugePageBytes", 2048L * 1024)
                .containsKeys("availableBytes", "freeBytes", "cachedBytes", "swapFreeBytes");
    }

    @Test
    void leaveOutWhatHasNoUnitOrIsNoNumber() {
        assertThat(
                        MemoryFacts.bytes(
                                """
                                MemTotal:       4 kB
                                HugePages_Total:       7
                                MemFree:       many kB
                                Huge:       99999999999999999999 kB
                                """))
                .isEqualTo(Map.of("MemTotal", 4096L));
    }

    @Test
    void nameWhatIsAbsent() {
        Part part = MemoryFacts.read(RecordedHost.in(folder).files());

        assertThat(part.values()).isEmpty();
        assertThat(part.json().get("absent")).asString().contains("totalBytes", "/proc/meminfo");
    }
}
