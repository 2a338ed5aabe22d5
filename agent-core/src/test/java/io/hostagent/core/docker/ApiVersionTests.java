// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionTests {

    @Test
    void comparesByNumberAndNotByText() {
        assertThat(ApiVersion.parse("1.9")).isLessThan(ApiVersion.parse("1.41"));
        assertThat(ApiVersion.parse("2.0")).isGreaterThan(ApiVersion.parse("1.99"));
        assertThat(ApiVersion.parse("01.041")).isEqualTo(new ApiVersion(1, 41));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", ".1", "1.4.1", "v1.41", "1.x", "1.-4", "-1.4", "+1.4"})
    void refusesWhatIsNoVersion(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ApiVersion.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "1.12, 1.24",
        "1.23, 1.24",
        "1.24, 1.24",
        "1.41, 1.41",
        "1.44, 1.44",
        "1.45, 1.44",
        "2.0, 1.44",
        "0.9, 1.24"
    })
    void goesToTheNearestThatTheEngineSpeaks(String asked, String given) {
        ApiRange range = new ApiRange(new ApiVersion(1, 24), new ApiVersion(1, 44));

        assertThat(range.clamp(ApiVersion.parse(asked))).hasToString(given);
    }
}
