// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.trust.Verdict.Granted;
import io.hostagent.core.trust.Verdict.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerHeaderTests {

    @Test
    void letsAnAgentDoEverythingInItsOwnName() {
        assertThat(CallerHeader.judge("node1", List.of()))
                .isEqualTo(new Granted(new Caller("agent:node1", Scope.ADMIN)));
    }

    @ParameterizedTest
    @CsvSource({
        "METRICS, token:prometheus",
        "READ, token:ci",
        "ADMIN, key:3f2a90cc71b0d1e2",
        "ADMIN, agent:node7",
        "READ, token:ci via agent:node7"
    })
    void letsAnAgentDoForSomebodyWhatTheyMay(Scope scope, String id) {
        Caller caller = new Caller(id, scope);

        assertThat(CallerHeader.judge("node1", List.of(CallerHeader.of(caller))))
                .isEqualTo(new Granted(new Caller(id + " via agent:node1", scope)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "admin",
                "admin ",
                "root token:ci",
                "admin  token:ci",
                "admin token:ci ",
                "admin token",
                "admin token:",
                "admin token:a b",
                "admin token:ci via",
                "admin token:ci\u0000",
                "admin token:ci\nadmin token:ci",
                "admin token:\u00fc",
                "admin token:ci, read token:ci",
                "admin a:a via a:a via a:a via a:a via a:a"
            })
    void refusesWhatItDoesNotUnderstand(String value) {
        assertThat(CallerHeader.judge("node1", List.of(value)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(400));
    }

    @Test
    void refusesTwoAnswersToOneQuestion() {
        assertThat(CallerHeader.judge("node1", List.of("read token:a", "admin token:b")))
                .isInstanceOf(Refused.class);
        assertThat(CallerHeader.judge("node1", List.of("read token:a", "read token:a")))
                .isInstanceOf(Refused.class);
    }
}
