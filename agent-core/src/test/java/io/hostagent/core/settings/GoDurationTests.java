// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTests {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "72h, PT72H",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        ".5s, PT0.5S",
        "1.s, PT1S",
        "+2m, PT2M",
        "500ms, PT0.5S",
        "250us, PT0.00025S",
        "250\u00b5s, PT0.00025S",
        "250\u03bcs, PT0.00025S",
        "7ns, PT0.000000007S",
        "1h1m1s1ms, PT1H1M1.001S",
        "0.9ns, PT0S",
        "2562047h, PT2562047H"
    })
    void readsWhatGoWrites(String text, Duration expected) {
        assertThat(GoDuration.parse("LIMIT", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "72", "h", "1d", "-1h", "1h-1m", "1 h", " 1h", "1H", ".s", "1e3s", "++1s", "PT1H"
            })
    void refusesEverythingElseAndNamesTheVariable(String text) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> GoDuration.parse("LIMIT", text))
                .withMessageContaining("LIMIT=" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2562048h", "99999999999999999999h"})
    void refusesWhatGoCannotHold(String text) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> GoDuration.parse("LIMIT", text))
                .withMessageContaining("LIMIT=" + text)
                .withMessageContaining("292 years");
    }
}
