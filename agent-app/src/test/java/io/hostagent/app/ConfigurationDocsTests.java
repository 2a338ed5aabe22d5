// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.autoconfigure.MetricsSetting;
import io.hostagent.capability.volumes.autoconfigure.VolumesSetting;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.settings.EnvironmentVariable;
import io.hostagent.core.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} says what the code does. */
class ConfigurationDocsTests {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void listsEverySettingOnceWithItsDefaultAndWhatItTakes() throws IOException {
        List<String> expected =
                settings()
                        .map(
                                setting ->
                                        "%s %s %s"
                                                .formatted(
                                                        setting.name(),
                                                        setting.defaultValue() == null
                                                                ? "–"
                                                                : setting.defaultValue(),
                                                        setting.description().takes()))
                        .toList();

        assertThat(
                        rows().stream()
                                .filter(row -> !row.getFirst().startsWith("CAP_"))
                                .map(row -> String.join(" ", row.subList(0, 3))))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void listsEveryCapabilityOnceWithItsDefaultAndSummary() throws IOException {
        try (TestContext agent = TestContext.start()) {
            List<String> expected =
                    agent.context().getBeansOfType(CapabilityDescriptor.class).values().stream()
                            .map(
                                    capability ->
                                            "%s %s %s"
                                                    .formatted(
                                                            capability.flag(),
                                                            capability.onByDefault() ? "on" : "off",
                                                            capability.summary()))
                            .toList();

            assertThat(
                            rows().stream()
                                    .filter(row -> row.getFirst().startsWith("CAP_"))
                                    .map(row -> String.join(" ", row)))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void saysWhichSettingsMayComeFromAFile() throws IOException {
        String page = Files.readString(PAGE);
        settings()
                .forEach(
                        setting ->
                                assertThat(page.contains(setting.name() + "_FILE"))
                                        .as(setting.name())
                                        .isEqualTo(setting.description().secret()));
    }

    /** Those of the core and of each capability that has its own. */
    private static Stream<EnvironmentVariable> settings() {
        return Stream.<EnvironmentVariable[]>of(
                        Setting.values(), MetricsSetting.values(), VolumesSetting.values())
                .flatMap(Arrays::stream);
    }

    /** The rows of all tables that begin with a variable, without back quotes. */
    private static List<List<String>> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1, line.length() - 1).replace("`", ""))
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .toList();
    }
}
