// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.docker.ContainerDetails;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainerLabelsTests {

    private static final Map<String, String> LABELS =
            Map.of(
                    "com.docker.compose.project", "shop",
                    "a.b", "say \"hi\"\n",
                    "a-b", "never seen",
                    "empty", "");

    private static ContainerDetails container(int restarts) {
        ContainerDetails plain = Subjects.container(Subjects.ID, Subjects.PID, "bridge", LABELS);
        return new ContainerDetails(
                plain.container(),
                plain.pid(),
                plain.started(),
                plain.health(),
                restarts,
                "",
                "bridge",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of("HTTP_Port", "80", "SECRET", "x"));
    }

    private static ContainerSettings settings(boolean all, Set<String> environment) {
        ContainerSettings defaults = ContainerSettings.DEFAULTS;
        return new ContainerSettings(
                defaults.labels(),
                all,
                environment,
                false,
                false,
                false,
                defaults.diskUsage(),
                defaults.sockets(),
                defaults.processes());
    }

    @Test
    void areThoseThatDashboardsKnow() {
        assertThat(new ContainerLabels(ContainerSettings.DEFAULTS).of(container(0), "/x/1"))
                .hasToString(
                        "id=\"/x/1\",image=\"nginx:1\",name=\"web\","
                                + "container_label_com_docker_compose_project=\"shop\"");
    }

    @Test
    void areAllOfThemWhenAskedAndEachNameOnce() {
        assertThat(new ContainerLabels(settings(true, Set.of())).of(container(0), "/x/1"))
                .hasToString(
                        "id=\"/x/1\",image=\"nginx:1\",name=\"web\","
                                + "container_label_a_b=\"never seen\","
                                + "container_label_com_docker_compose_project=\"shop\"");
    }

    @Test
    void countRestartsAndTellChosenVariables() {
        assertThat(
                        new ContainerLabels(settings(false, Set.of("HTTP_Port")))
                                .of(container(3), "/x/1"))
                .hasToString(
                        "id=\"/x/1\",image=\"nginx:1\",name=\"web\","
                                + "container_label_restartcount=\"3\","
                                + "container_label_com_docker_compose_project=\"shop\","
                                + "container_env_http_port=\"80\"");
    }
}
