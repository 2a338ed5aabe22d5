// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.web.RequestPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerQueryTests {

    @ParameterizedTest
    @CsvSource({
        "mode=both, mode",
        "mode=direct&mode=proxy, mode",
        "all=maybe&mode=direct, all",
        "all=1, all",
        "via=host, via",
        "via=user@host:1, via",
        "via=host:1/x, via",
        "container=abc, container",
        "modus=direct, modus"
    })
    void refusesWhatItCannotBe(String query, String name) {
        assertThatExceptionOfType(CallerException.class)
                .isThrownBy(() -> of("?" + query))
                .withMessage("Invalid query parameter: " + name)
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?mode=direct",
                "?mode=direct&all=1",
                "?via=agent.example:9001",
                "?via=[fd00::1]:9001&container="
                        + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void isPassedOnAsItIs(String query) {
        ContainerQuery asked = of(query);
        String target = asked.targetFor("[fd00::1]:9001");

        ContainerQuery arrived = ContainerQuery.of(RequestPath.parse(target));

        assertThat(arrived.direct()).isEqualTo(asked.direct());
        assertThat(arrived.all()).isEqualTo(asked.all());
        assertThat(arrived.container()).isEqualTo(asked.container());
        assertThat(arrived.via()).contains(asked.via().orElse("[fd00::1]:9001"));
    }

    @Test
    void asksForOneContainer() {
        String id = "a".repeat(64);
        assertThat(ContainerQuery.proxied(id).targetFor("h:1"))
                .isEqualTo("/sd/containers?mode=proxy&via=h:1&container=" + id);
    }

    private static ContainerQuery of(String query) {
        return ContainerQuery.of(RequestPath.parse(ContainerQuery.PATH + query));
    }
}
