// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.json.JsonTree;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboards as Grafana's provisioning takes them. */
class DashboardsTests {

    @Test
    void eachHasItsOwnIdAndAsksTheProvisionedSource() {
        Set<String> ids = new HashSet<>();
        Dashboards.all()
                .forEach(
                        (file, dashboard) -> {
                            String id = String.valueOf(JsonTree.text(dashboard, "uid"));
                            assertThat(ids.add(id)).as(file).isTrue();
                            assertThat(id).as(file).startsWith("host-agent-");
                            assertThat(Dashboards.expressions(dashboard)).as(file).isNotEmpty();
                            assertSource(file, dashboard);
                        });
        assertThat(ids).hasSize(3);
    }

    private static void assertSource(String file, @Nullable Object dashboard) {
        Set<Long> panels = new HashSet<>();
        for (@Nullable Object panel : JsonTree.list(dashboard, "panels")) {
            assertThat(panels.add(JsonTree.number(panel, "id"))).as(file).isTrue();
            for (@Nullable Object target : JsonTree.list(panel, "targets")) {
                assertThat(JsonTree.text(target, "datasource", "uid")).isEqualTo("prometheus");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up{job=\"agents\"} == 0|up",
                "1 - avg by (instance, node) (rate(a_total{mode=\"idle\"}[2m]))|a_total",
                "sum(a) / scalar(count(count by (cpu) (b{x=\"y\"})))|a,b",
                "count(time() - start{name!=\"\"} < 3600) or vector(0)|start",
                "max(1 - a_bytes{i=\"c\"} / (b_bytes{i=\"c\"} > 0))|a_bytes,b_bytes",
                "sum by (job) (up)|up"
            })
    void knowsWhichMetricsAnExpressionIsMadeOf(String expression, String metrics) {
        assertThat(String.join(",", Dashboards.metrics(expression))).isEqualTo(metrics);
    }
}
