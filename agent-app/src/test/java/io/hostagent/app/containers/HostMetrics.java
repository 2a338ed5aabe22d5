// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.container.ContainerMetrics;
import io.hostagent.capability.metrics.container.ContainerSettings;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.docker.EngineConnection;
import io.hostagent.core.docker.client.DockerJavaEngine;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.docker.registry.FollowedContainers;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.SettingsReader;
import io.hostagent.lab.DockerHost;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.netty.resources.LoopResources;

/** What an agent on a host of the lab has to read its containers, without the agent around it. */
final class HostMetrics implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Blocking blocking = new Blocking(64);
    private final LoopResources loops = LoopResources.create("metrics-it", 1, true);
    private final DockerJavaEngine engine;
    private final ContainerRegistry registry;
    private final FollowedContainers started;
    private final ContainerMetrics metrics;

    private HostMetrics(DockerHost host, HostFiles files, ContainerSettings chosen) {
        AgentSettings settings =
                new SettingsReader(Map.of("DOCKER_HOST", host.endpoint())::get).read();
        engine =
                new DockerJavaEngine(
                        settings,
                        blocking,
                        EngineConnection.to(settings.engine(), blocking::run),
                        () -> loops.onClient(true).next());
        registry = new ContainerRegistry(engine);
        started = new FollowedContainers(registry, engine);
        metrics =
                new ContainerMetrics(
                        () -> files,
                        started,
                        () -> registry.engine().map(info -> info.serverVersion()).orElse(""),
                        "test",
                        chosen);
    }

    /** Follows the engine of a host, and reads where the files are those of the kernel. */
    static HostMetrics of(DockerHost host, HostFiles files, ContainerSettings settings) {
        HostMetrics metrics = new HostMetrics(host, files, settings);
        metrics.registry.start();
        metrics.registry.connected(LIMIT).toFuture().join();
        return metrics;
    }

    /** The labels of a sample, the family's name among them as {@code __name__}. */
    record Sample(Map<String, String> labels, double value) {

        String label(String name) {
            return labels.getOrDefault(name, "");
        }
    }

    /** One scrape. */
    record Scrape(List<Sample> samples) {

        /** Those of a family that have these labels, {@code "name", "web", "device", …}. */
        List<Sample> all(String family, String... labels) {
            return samples.stream()
                    .filter(sample -> sample.label("__name__").equals(family))
                    .filter(sample -> has(sample, labels))
                    .toList();
        }

        private static boolean has(Sample sample, String... labels) {
            for (int i = 0; i < labels.length; i += 2) {
                if (!sample.label(labels[i]).equals(labels[i + 1])) {
                    return false;
                }
            }
            return true;
        }

        /** The one sample of a family that has these labels. */
        double value(String family, String... labels) {
            List<Sample> found = all(family, labels);
            assertThat(found).as("%s%s", family, List.of(labels)).hasSize(1);
            return found.getFirst().value();
        }
    }

    Scrape scrape() {
        List<SampleSet> sets =
                metrics.scrape(ScrapeRequest.ALL, System.nanoTime() + LIMIT.toNanos());
        List<Sample> samples =
                sets.stream()
                        .flatMap(set -> set.families().stream())
                        .flatMap(HostMetrics::samples)
                        .toList();
        assertThat(samples.stream().collect(Collectors.groupingBy(Sample::labels)).values())
                .as("series that are there twice")
                .allMatch(same -> same.size() == 1);
        return new Scrape(samples);
    }

    private static Stream<Sample> samples(FamilySamples family) {
        return Stream.iterate(0, i -> i < family.size(), i -> i + 1)
                .map(
                        i -> {
                            Map<String, String> labels = new HashMap<>();
                            labels.put("__name__", family.family().name());
                            family.subject(i)
                                    .all()
                                    .forEach(label -> labels.put(label.name(), label.value()));
                            family.detail(i)
                                    .all()
                                    .forEach(label -> labels.put(label.name(), label.value()));
                            return new Sample(Map.copyOf(labels), family.value(i));
                        });
    }

    /** How many containers are known to run. */
    int running() {
        return started.all().size();
    }

    @Override
    public void close() throws IOException {
        metrics.close();
        started.close();
        registry.close();
        engine.close();
        blocking.close();
        loops.dispose();
    }
}
