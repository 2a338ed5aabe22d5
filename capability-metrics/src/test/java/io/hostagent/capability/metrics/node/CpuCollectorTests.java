// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.core.fixture.RecordedHost;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuCollectorTests {

    private static final String IDLE_0 = "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"}";
    private static final String IDLE_1 = "node_cpu_seconds_total{cpu=\"1\",mode=\"idle\"}";
    private static final String IOWAIT_0 = "node_cpu_seconds_total{cpu=\"0\",mode=\"iowait\"}";
    private static final String USER_0 = "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"}";

    @TempDir private Path folder = Path.of("");

    private RecordedHost host = RecordedHost.in(folder);
    private final CpuCollector cpu = new CpuCollector(false);

    @BeforeEach
    void record() {
        host = RecordedHost.in(folder).with("node/microvm.tree");
    }

    private Collected collected() throws IOException {
        return Collected.by(cpu, host.files());
    }

    @Test
    void countsSecondsInEachMode() throws IOException {
        Collected found = collected();

        assertThat(found.value(USER_0)).isEqualTo(5632.82);
        assertThat(found.value(IDLE_0)).isEqualTo(7521.27);
        assertThat(found.value("node_cpu_guest_seconds_total{cpu=\"1\",mode=\"nice\"}")).isZero();
        assertThat(found.types())
                .containsOnlyKeys("node_cpu_seconds_total", "node_cpu_guest_seconds_total")
                .containsValue("counter");
        assertThat(found.values()).hasSize(2 * (8 + 2));
    }

    @Test
    void takesAColumnThatAnOldKernelDoesNotHaveForZero() throws IOException {
        host.file("proc/stat", "cpu  1 2 3 4\ncpu0 100 200 300 400\nintr 5\n");

        Collected found = collected();

        assertThat(found.value(IDLE_0)).isEqualTo(4);
        assertThat(found.value(IOWAIT_0)).isZero();
    }

    /** The kernel's own counter of waiting goes back a little. */
    @Test
    void neverLetsACounterGoBack() throws IOException {
        host.file("proc/stat", "cpu0 100 0 0 1000 50 0 0 0 0 0\n");
        collected();
        host.file("proc/stat", "cpu0 101 0 0 900 40 0 0 0 0 0\n");

        Collected found = collected();

        assertThat(found.value(USER_0)).isEqualTo(1.01);
        assertThat(found.value(IDLE_0)).isEqualTo(10);
        assertThat(found.value(IOWAIT_0)).isEqualTo(0.5);
    }

    @Test
    void beginsAnewWhenAProcessorDoes() throws IOException {
        host.file("proc/stat", "cpu0 100 0 0 1000 50 0 0 0 0 0\n");
        collected();
        host.file("proc/stat", "cpu0 7 0 0 700 1 0 0 0 0 0\n");

        Collected found = collected();

        assertThat(found.value(USER_0)).isEqualTo(0.07);
        assertThat(found.value(IDLE_0)).isEqualTo(7);
        assertThat(found.value(IOWAIT_0)).isEqualTo(0.01);
    }

    @Test
    void forgetsAProcessorThatIsUnpluggedAndFindsItAgain() throws IOException {
        host.file("proc/stat", "cpu0 1 0 0 100 0 0 0\ncpu1 1 0 0 200 0 0 0\n");
        assertThat(collected().values()).containsKeys(IDLE_0, IDLE_1);

        host.file("proc/stat", "cpu0 1 0 0 150 0 0 0\n");
        assertThat(collected().values()).containsKey(IDLE_0).doesNotContainKey(IDLE_1);

        host.file("proc/stat", "cpu0 1 0 0 160 0 0 0\ncpu1 0 0 0 3 0 0 0\n");
        assertThat(collected().value(IDLE_1)).isEqualTo(0.03);
    }

    @Test
    void takesTheLargestNumberThereIs() throws IOException {
        host.file("proc/stat", "cpu0 18446744073709551615 0 0 1 0 0 0 0 0 0\n");

        assertThat(collected().value(USER_0)).isEqualTo(0x1p64 / 100);
    }

    @Test
    void saysWhatIsWrongWithALine() {
        host.file("proc/stat", "cpu0 1 two 3\n");

        assertThatThrownBy(this::collected)
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("two");
    }

    @Test
    void failsWithoutTheFile() throws IOException {
        Files.delete(folder.resolve("proc/stat"));

        assertThatThrownBy(this::collected)
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("proc/stat");
    }

    @Test
    void countsHowOftenEachCoreWasTooHot() throws IOException {
        host.with("node/desktop.tree");

        assertThat(collected().values())
                .containsEntry("node_cpu_core_throttles_total{core=\"0\",package=\"0\"}", 5.0)
                .containsEntry("node_cpu_core_throttles_total{core=\"1\",package=\"0\"}", 0.0)
                .containsEntry("node_cpu_package_throttles_total{package=\"0\"}", 30.0)
                .hasSize(2 * (8 + 2) + 3 + 2 + 4);
    }

    @Test
    void tellsWhichProcessorsAreOnlineAndWhichAreIsolated() throws IOException {
        host.with("node/desktop.tree");

        assertThat(collected().values())
                .containsEntry("node_cpu_isolated{cpu=\"1\"}", 1.0)
                .containsEntry("node_cpu_isolated{cpu=\"3\"}", 1.0)
                .containsEntry("node_cpu_online{cpu=\"0\"}", 1.0)
                .containsEntry("node_cpu_online{cpu=\"3\"}", 0.0);
    }

    @Test
    void tellsWhatProcessorsAreWhenAsked() throws IOException {
        Collected found = Collected.by(new CpuCollector(true), host.files());

        assertThat(found.key("node_cpu_info{"))
                .contains(
                        "core=\"0\"",
                        "cpu=\"0\"",
                        "family=\"25\"",
                        "model=\"17\"",
                        "model_name=\"AMD EPYC\"",
                        "package=\"0\"",
                        "stepping=\"1\"",
                        "vendor=\"AuthenticAMD\"");
        assertThat(found.value(found.key("node_cpu_info{"))).isEqualTo(1);
    }
}
