// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The host's numbers, as node_exporter gives them. The collectors run one after the other on the
 * thread of the scrape: they read a few dozen small files, and the kernel lets only one at a time
 * into most of them anyway.
 */
public final class NodeMetrics implements MetricSource, AutoCloseable {

    private static final Family DURATION =
            Family.gauge(
                    "node_scrape_collector_duration_seconds",
                    "How long a collector took in this scrape.");
    private static final Family SUCCESS =
            Family.gauge(
                    "node_scrape_collector_success",
                    "Whether a collector found what it looks for: 1, or 0.");
    private static final Family BUILD =
            Family.gauge(
                    "node_exporter_build_info",
                    "1, labelled with the version of the agent, which stands in for node_exporter.");

    /** How long the host's root is taken to be where it was found: looking for it takes reading. */
    private static final long KEEP_NANOS = Duration.ofSeconds(30).toNanos();

    private final HostRoot hostRoot;
    private final List<CollectorRun> runs;
    private final List<String> names;
    private final Labels build;
    private final KernelText text = new KernelText();

    private @Nullable HostFiles files;
    private long lookedAt;

    /**
     * Prepares the collectors; nothing is read before the first scrape.
     *
     * @param version of the agent
     * @param engineName how the engine on this very host calls the host
     * @throws IllegalArgumentException when the settings name a collector that there is not
     */
    public NodeMetrics(
            NodeSettings settings, HostRoot hostRoot, String version, EngineName engineName) {
        this(NodeCollectors.all(settings, hostRoot, engineName), settings, hostRoot, version);
    }

    NodeMetrics(
            List<NodeCollectors.Listed> all,
            NodeSettings settings,
            HostRoot hostRoot,
            String version) {
        this.hostRoot = hostRoot;
        names = all.stream().map(listed -> listed.collector().name()).sorted().toList();
        requireKnown(settings.on());
        requireKnown(settings.off());
        runs =
                all.stream()
                        .filter(listed -> isOn(listed, settings))
                        .map(listed -> new CollectorRun(listed.collector()))
                        .toList();
        build = buildLabels(version);
    }

    private void requireKnown(Set<String> collectors) {
        Set<String> unknown = new TreeSet<>(collectors);
        unknown.removeAll(Set.copyOf(names));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no collector "
                            + String.join(", ", unknown)
                            + "; there are "
                            + String.join(", ", names));
        }
    }

    private static boolean isOn(NodeCollectors.Listed listed, NodeSettings settings) {
        String name = listed.collector().name();
        return !settings.off().contains(name)
                && (listed.onByDefault() || settings.on().contains(name));
    }

    private static Labels buildLabels(String version) {
        return Labels.of(
                List.of(
                        new Labels.Label("branch", "host-agent"),
                        new Labels.Label("goarch", architecture()),
                        new Labels.Label(
                                "goos", System.getProperty("os.name", "").toLowerCase(Locale.ROOT)),
                        new Labels.Label("goversion", "java" + Runtime.version().feature()),
                        new Labels.Label("version", version)));
    }

    /** In Go's words, as those of node_exporter are. */
    private static String architecture() {
        String ofJava = System.getProperty("os.arch", "");
        return ofJava.equals("aarch64") ? "arm64" : ofJava;
    }

    @Override
    public String name() {
        return "node";
    }

    @Override
    public List<String> collectors() {
        return names;
    }

    @Override
    public Set<String> off() {
        Set<String> off = new TreeSet<>(names);
        off.removeAll(running());
        return off;
    }

    /** Text files may have anything in them. */
    @Override
    public boolean passesOn() {
        return true;
    }

    /** The collectors that run when nobody chooses. */
    public Set<String> running() {
        return runs.stream().map(CollectorRun::name).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<SampleSet> scrape(ScrapeRequest request, long deadline) {
        SampleSet samples = new SampleSet();
        FamilySamples durations = samples.family(DURATION);
        FamilySamples successes = samples.family(SUCCESS);
        samples.family(BUILD).add(build, 1);
        NodeScrape scrape = new NodeScrape(files(), text, deadline);
        for (CollectorRun run : runs) {
            if (!request.wants(run.name())) {
                continue;
            }
            long start = System.nanoTime();
            boolean inTime = deadline - start > 0;
            boolean success = inTime && run.collect(scrape, samples);
            durations.add(run.labels(), (System.nanoTime() - start) / 1e9);
            successes.add(run.labels(), success ? 1 : 0);
        }
        return List.of(samples);
    }

    private HostFiles files() {
        HostFiles known = files;
        long now = System.nanoTime();
        if (known == null || now - lookedAt > KEEP_NANOS) {
            known = HostFiles.of(hostRoot);
            files = known;
            lookedAt = now;
        }
        return known;
    }

    /** Closes what is kept open from one scrape to the next. */
    @Override
    public void close() {
        runs.forEach(CollectorRun::close);
    }
}
