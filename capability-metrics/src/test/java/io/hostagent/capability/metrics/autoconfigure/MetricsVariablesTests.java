// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.container.ContainerSettings;
import io.hostagent.capability.metrics.node.NameFilter;
import io.hostagent.capability.metrics.node.NodeSettings;
import io.hostagent.capability.metrics.web.PlainListener.Place;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.settings.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsVariablesTests {

    @Test
    void hasTheDefaultsOfTheCollectors() {
        MetricsVariables unset = variables();

        assertThat(unset.node()).isEqualTo(NodeSettings.DEFAULTS);
        assertThat(unset.containers()).isEqualTo(ContainerSettings.DEFAULTS);
        assertThat(unset.openMetrics()).isFalse();
        assertThat(unset.places(9001)).isEmpty();
    }

    @Test
    void readsWhatTheHostsCollectorsAreTold() {
        NodeSettings node =
                variables(
                                "METRICS_NODE_ENABLE=systemd, processes",
                                "METRICS_NODE_DISABLE=hwmon",
                                "METRICS_NODE_FILESYSTEM_TYPES_INCLUDE=^(ext4|xfs)$",
                                "METRICS_NODE_NETCLASS_DEVICE_EXCLUDE=^veth",
                                "METRICS_NODE_FILESYSTEM_MOUNT_TIMEOUT=2s",
                                "METRICS_NODE_TEXTFILE_DIRECTORY=/textfiles")
                        .node();

        assertThat(node.on()).containsExactlyInAnyOrder("systemd", "processes");
        assertThat(node.off()).containsExactly("hwmon");
        assertThat(node.fileSystemTypes().takes("ext4")).isTrue();
        assertThat(node.fileSystemTypes().takes("tmpfs")).isFalse();
        NameFilter classes = node.networkClass();
        assertThat(classes.takes("veth12")).isFalse();
        assertThat(classes.takes("eth0")).isTrue();
        assertThat(node.mountPoints()).isEqualTo(NodeSettings.DEFAULTS.mountPoints());
        assertThat(node.mountTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(node.textfiles()).contains(Path.of("/textfiles"));
    }

    @Test
    void readsWhatIsToldOfContainers() {
        ContainerSettings containers =
                variables(
                                "METRICS_CONTAINER_LABELS=*",
                                "METRICS_CONTAINER_ENVIRONMENT=STAGE",
                                "METRICS_CONTAINER_DISK_USAGE=1",
                                "METRICS_CONTAINER_DISK_USAGE_INTERVAL=5m")
                        .containers();

        assertThat(containers.allLabels()).isTrue();
        assertThat(containers.environment()).containsExactly("STAGE");
        assertThat(containers.diskUsage().on()).isTrue();
        assertThat(containers.diskUsage().interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(containers.sockets().on()).isFalse();
    }

    @Test
    void readsWhereToListenWithoutTls() {
        assertThat(
                        variables("METRICS_PORT=9102", "METRICS_NODE_PORT=9100", "METRICS_HOST=::1")
                                .places(9001))
                .extracting(Place::toString)
                .containsExactly("[0:0:0:0:0:0:0:1]:9102", "[0:0:0:0:0:0:0:1]:9100");
        assertThat(variables("METRICS_CADVISOR_PORT=8080").places(9001))
                .extracting(Place::toString)
                .containsExactly("127.0.0.1:8080");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "METRICS_NODE_DISKSTATS_DEVICE_EXCLUDE=^(sd     | no regular expression",
                "METRICS_NODE_NETSTAT_FIELDS=*                  | no regular expression",
                "METRICS_NODE_FILESYSTEM_MOUNT_TIMEOUT=0        | no time at all",
                "METRICS_NODE_FILESYSTEM_MOUNT_TIMEOUT=soon     | not a duration",
                "METRICS_CONTAINER_SOCKETS=maybe                | neither on",
                "METRICS_OPENMETRICS=2                          | neither on",
                "METRICS_PORT=70000                             | not a port",
                "METRICS_NODE_PORT=9001                         | is also AGENT_PORT",
                "METRICS_HOST=localhost                         | not an IP address"
            })
    void refusesWhatCannotBeUsedAndNamesIt(String variable, String why) {
        MetricsVariables variables = variables(variable);

        assertThatThrownBy(
                        () -> {
                            variables.openMetrics();
                            variables.places(9001);
                            variables.node();
                            variables.containers();
                        })
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(variable.split("=", 2)[0])
                .hasMessageContaining(why);
    }

    private static MetricsVariables variables(String... variables) {
        Map<String, String> map =
                Arrays.stream(variables)
                        .map(variable -> variable.split("=", 2))
                        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        return new MetricsVariables(new SettingsReader(map::get));
    }
}
