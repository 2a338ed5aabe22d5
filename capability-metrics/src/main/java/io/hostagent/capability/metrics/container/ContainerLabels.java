// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The labels that stand in front of each sample of a container. */
final class ContainerLabels {

    private final ContainerSettings settings;

    ContainerLabels(ContainerSettings settings) {
        this.settings = settings;
    }

    /**
     * Those of a container.
     *
     * @param id path of its cgroup
     */
    Labels of(ContainerDetails details, String id) {
        Container container = details.container();
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("id", id);
        labels.put("image", container.image());
        labels.put("name", container.name());
        if (details.restarts() > 0) {
            labels.put("container_label_restartcount", Integer.toString(details.restarts()));
        }
        new TreeMap<>(container.labels())
                .forEach(
                        (key, value) -> {
                            if (settings.allLabels() || settings.labels().contains(key)) {
                                labels.putIfAbsent("container_label_" + name(key), value);
                            }
                        });
        new TreeMap<>(details.environment())
                .forEach(
                        (key, value) -> {
                            if (settings.environment().contains(key)) {
                                String lower = key.toLowerCase(Locale.ROOT);
                                labels.putIfAbsent("container_env_" + name(lower), value);
                            }
                        });
        return Labels.of(
                labels.entrySet().stream()
                        .map(label -> new Label(label.getKey(), label.getValue()))
                        .toList());
    }

    /** What Prometheus takes in a name; of two keys that become the same, the first one counts. */
    private static String name(String key) {
        return key.replaceAll("[^a-zA-Z0-9_]", "_");
    }
}
