// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.settings.SettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class OnCapabilityConditionTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Capabilities.class);

    @Test
    void followsTheDefaultWhenUnset() {
        runner.run(
                context ->
                        assertThat(context).hasBean("onByDefault").doesNotHaveBean("offByDefault"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "yes", "on", "TRUE", "Yes", " on "})
    void isOnForEverySpellingOfYes(String value) {
        runner.withPropertyValues("CAP_OFF=" + value)
                .run(context -> assertThat(context).hasBean("offByDefault"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "no", "off", "FALSE", "No", ""})
    void isOffForEverySpellingOfNo(String value) {
        runner.withPropertyValues("CAP_ON=" + value)
                .run(context -> assertThat(context).doesNotHaveBean("onByDefault"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "2", "${java.home}", "${unknown}"})
    void stopsTheStartForAnythingElse(String value) {
        runner.withPropertyValues("CAP_OFF=" + value)
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .hasRootCauseInstanceOf(SettingsException.class)
                                        .rootCause()
                                        .hasMessageContaining("CAP_OFF=" + value));
    }

    @Configuration(proxyBeanMethods = false)
    static class Capabilities {

        @Bean
        @ConditionalOnCapability("CAP_OFF")
        String offByDefault() {
            return "off";
        }

        @Bean
        @ConditionalOnCapability(value = "CAP_ON", onByDefault = true)
        String onByDefault() {
            return "on";
        }
    }
}
