// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.settings.AgentSettings.Log;
import io.hostagent.core.settings.AgentSettings.Log.Level;
import io.hostagent.core.settings.AgentSettings.Log.Mode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogPropertiesTests {

    private static final String ANSI = "spring.output.ansi.enabled";

    @ParameterizedTest
    @CsvSource({
        "AUTO, true, always",
        "AUTO, false, never",
        "PRETTY, true, always",
        "PRETTY, false, always",
        "NOCOLOR, true, never",
        "JSON, true, "
    })
    void coloursATerminalUnlessToldOtherwise(Mode mode, boolean terminal, String ansi) {
        assertThat(LogProperties.of(new Log(Level.INFO, mode), terminal).get(ANSI)).isEqualTo(ansi);
    }
}
