// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;

/** What configures the agent. */
class OwnAutoConfigurationsTests {

    @Test
    void nothingButItsOwnIsConsidered() {
        try (TestContext agent =
                TestContext.start("CAP_METRICS=1", "CAP_HOST_MANAGEMENT=1", "CAP_VOLUMES=1")) {
            ConditionEvaluationReport report =
                    ConditionEvaluationReport.get(agent.context().getBeanFactory());
            Set<String> considered = new HashSet<>(report.getUnconditionalClasses());
            considered.addAll(report.getConditionAndOutcomesBySource().keySet());

            assertThat(considered)
                    .contains(StartUpAutoConfiguration.class.getName())
                    .allSatisfy(name -> assertThat(name).startsWith("io.hostagent."));
        }
    }
}
