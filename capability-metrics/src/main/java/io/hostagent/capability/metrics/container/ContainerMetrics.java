// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.docker.registry.StartedContainers;
import io.hostagent.core.kernel.HostFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of containers, of the host as if it were one, and of the machine, under the names
 * that cAdvisor gave them. They are read from the kernel's files when somebody scrapes, and neither
 * at any other time nor from the engine.
 *
 * <p>Four things differ from cAdvisor: seconds from {@code /proc/diskstats} are seconds; a
 * container has no second series with what its whole device did; a network is told once, of the
 * container whose own it is; and a reservation is what the engine was told. See {@code
 * docs/capabilities/metrics.md}.
 */
public final class ContainerMetrics implements MetricSource, AutoCloseable {

    private static final String CGROUPS = "fs/cgroup";

    private final Supplier<HostFiles> hostFiles;
    private final StartedContainers containers;
    private final Supplier<String> engineVersion;
    private final String agentVersion;
    private final ContainerSettings settings;
    private final Descriptors descriptors;
    private @Nullable HostView view;

    /**
     * Reads nothing yet.
     *
     * @param hostFiles finds where the host's are; it is asked until they are there
     * @param engineVersion that of the engine, empty while it is away
     * @param agentVersion that of this program
     */
    public ContainerMetrics(
            Supplier<HostFiles> hostFiles,
            StartedContainers containers,
            Supplier<String> engineVersion,
            String agentVersion,
            ContainerSettings settings) {
        this(
                hostFiles,
                containers,
                engineVersion,
                agentVersion,
                settings,
                Descriptors.ofThisProcess());
    }

    ContainerMetrics(
            Supplier<HostFiles> hostFiles,
            StartedContainers containers,
            Supplier<String> engineVersion,
            String agentVersion,
            ContainerSettings settings,
            Descriptors descriptors) {
        this.hostFiles = hostFiles;
        this.containers = containers;
        this.engineVersion = engineVersion;
        this.agentVersion = agentVersion;
        this.settings = settings;
        this.descriptors = descriptors;
    }

    /** Why containers cannot be read on this host; empty when they can. */
    public static Optional<Absence> missing(HostFiles files) {
        if (files.missing().isPresent()) {
            return files.missing();
        }
        Path cgroups = files.sys().resolve(CGROUPS);
        return CgroupTree.at(cgroups).isPresent()
                ? Optional.empty()
                : Optional.of(
                        new Absence(
                                "there are no cgroups in " + cgroups,
                                "mount the host's root with all that is mounted below it: -v"
                                        + " /:/host:ro"));
    }

    @Override
    public String name() {
        return "cadvisor";
    }

    @Override
    public List<String> collectors() {
        return List.of();
    }

    @Override
    public synchronized List<SampleSet> scrape(ScrapeRequest request, long deadline) {
        HostView now = view;
        if (now == null) {
            now = look(hostFiles.get());
        }
        return now.scrape(containers.all(), engineVersion.get(), deadline);
    }

    /** What was not there is looked for again at the next scrape. */
    private HostView look(HostFiles files) {
        Optional<CgroupTree> tree =
                missing(files).isPresent()
                        ? Optional.empty()
                        : CgroupTree.at(files.sys().resolve(CGROUPS));
        HostView found = new HostView(files, tree, settings, descriptors, agentVersion);
        if (tree.isPresent()) {
            view = found;
        }
        return found;
    }

    @Override
    public synchronized void close() {
        if (view != null) {
            view.close();
        }
    }
}
