// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.settings.SettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTests {

    private static final AllowList RULES =
            AllowList.parse(
                    "GET /containers/json; GET,POST /containers/*/logs;\n* /images/**;"
                            + "get /a.c/(x)");

    @ParameterizedTest
    @CsvSource({
        "GET, /containers/json",
        "HEAD, /containers/json",
        "GET, /containers/x/logs",
        "POST, /containers/x/logs",
        "DELETE, /images/a/b/c",
        "GET, /a.c/(x)"
    })
    void letsPassWhatARuleCovers(String method, String path) {
        assertThat(RULES.allows(method, path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /containers/json",
        "get, /containers/json",
        "GET, /containers/json/",
        "GET, /containers/jsonx",
        "GET, /x/containers/json",
        "HEADGET, /containers/json",
        "GET, /containers//logs",
        "GET, /containers/x/y/logs",
        "POST, /containers/x/logs/y",
        "GET, /images",
        "GET, /abc/(x)",
        "GET, /"
    })
    void letsNothingElsePass(String method, String path) {
        assertThat(RULES.allows(method, path)).isFalse();
    }

    @Test
    void letsEverythingPassWithoutRules() {
        assertThat(AllowList.everything().allows("DELETE", "/anything")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                " ; \n",
                "GET",
                "/info",
                "GET info",
                "GET /a /b",
                "G-T /a",
                "GET, /a",
                ",GET /a"
            })
    void refusesWhatIsNoRule(String text) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> AllowList.parse(text))
                .withMessageContaining("PROXY_ALLOW");
    }
}
