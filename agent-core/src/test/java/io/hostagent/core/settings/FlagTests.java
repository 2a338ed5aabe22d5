// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagTests {

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "TRUE", "True", "yes", "YES", "on", "On", " 1 "})
    void readsYes(String text) {
        assertThat(Flag.read("CAP_X", text, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "FALSE", "no", "No", "off", "OFF", "", "  "})
    void readsNo(String text) {
        assertThat(Flag.read("CAP_X", text, true)).isFalse();
    }

    @Test
    void takesTheDefaultOnlyWhenUnset() {
        assertThat(Flag.read("CAP_X", null, true)).isTrue();
        assertThat(Flag.read("CAP_X", null, false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "2", "-1", "y", "enabled", "true;", "tru\u0435"})
    void refusesRubbishAndNamesTheVariable(String text) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Flag.read("CAP_X", text, false))
                .withMessageContaining("CAP_X=" + text)
                .withMessageContaining("1, true, yes, on");
    }
}
