// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static io.hostagent.capability.metrics.sample.Family.gauge;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is read of a host, once it is known where its files are. */
final class HostView implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HostView.class);

    private static final Family CONTAINER_ERROR =
            gauge("container_scrape_error", "1 when a container was left out, or else 0");
    private static final Family MACHINE_ERROR =
            gauge("machine_scrape_error", "1 when the machine could not be read, or else 0");

    private final Workers workers;
    private final Handles handles;
    private final Machine machine;
    private final VersionInfo version;
    private final Optional<Cgroups> cgroups;
    private final List<SlowNumbers<?>> slow = new ArrayList<>();

    /** What there is to read on a host with cgroups. */
    private record Cgroups(
            Surroundings surroundings, Optional<HostItself> host, Optional<RawCgroups> others) {}

    HostView(
            HostFiles files,
            Optional<CgroupTree> tree,
            ContainerSettings settings,
            Descriptors descriptors,
            String agentVersion) {
        workers = new Workers(files.sys(), Runtime.getRuntime().availableProcessors());
        handles = new Handles(descriptors);
        machine = new Machine(files);
        version = new VersionInfo(files, agentVersion);
        cgroups = tree.map(found -> cgroups(found, files, settings, descriptors));
        if (settings.diskUsage().on()) {
            slow.add(new SlowNumbers<>("disk usage", settings.diskUsage(), new DiskUsage()));
        }
        if (settings.sockets().on()) {
            slow.add(new SlowNumbers<>("sockets", settings.sockets(), new SocketStates()));
        }
        if (settings.processes().on()) {
            slow.add(new SlowNumbers<>("processes", settings.processes(), new ProcessCounts()));
        }
    }

    private static Cgroups cgroups(
            CgroupTree tree, HostFiles files, ContainerSettings settings, Descriptors descriptors) {
        CgroupFinder finder = new CgroupFinder(tree, files);
        Surroundings surroundings =
                new Surroundings(
                        files, finder, new ContainerLabels(settings), descriptors, settings);
        Optional<HostItself> host;
        try {
            host =
                    Optional.of(
                            new HostItself(
                                    finder.open("/", settings.perCpu(), false),
                                    files,
                                    RawCgroup.made(tree.mount())));
        } catch (IOException e) {
            host = Optional.empty();
        }
        return new Cgroups(
                surroundings,
                host,
                settings.allCgroups()
                        ? Optional.of(new RawCgroups(tree, finder, settings.perCpu()))
                        : Optional.empty());
    }

    /** Reads all of it. */
    List<SampleSet> scrape(Collection<ContainerDetails> containers, String engine, long deadline) {
        SampleSet own = new SampleSet();
        List<SampleSet> sets = new ArrayList<>();
        sets.add(own);
        boolean complete =
                cgroups.isPresent() && readCgroups(cgroups.get(), containers, sets, deadline);
        own.family(CONTAINER_ERROR).add(complete ? 0 : 1);
        boolean machineRead = readMachine(own);
        own.family(MACHINE_ERROR).add(machineRead ? 0 : 1);
        version.write(engine, own);
        return sets;
    }

    private boolean readCgroups(
            Cgroups from,
            Collection<ContainerDetails> containers,
            List<SampleSet> sets,
            long deadline) {
        long now = System.nanoTime();
        double clock = (double) Instant.now().getEpochSecond();
        SampleSet own = sets.getFirst();
        boolean complete = from.host().isPresent() && readHost(from.host().get(), own, now, clock);
        List<ContainerHandle> all = handles.follow(containers);
        Reading reading = new Reading(all, from.surroundings(), slow, deadline);
        for (ScrapeResult result : workers.run(reading, all.size(), deadline)) {
            complete &= result.complete();
            sets.add(result.samples());
        }
        if (from.others().isPresent()) {
            complete &= from.others().get().read(workers.first(), own, clock, deadline);
        }
        refreshSlow(from, all, now);
        return complete;
    }

    private boolean readHost(HostItself host, SampleSet samples, long now, double clock) {
        try {
            return host.read(workers.first(), samples, now, clock);
        } catch (IOException e) {
            log.debug("The root of all cgroups could not be read", e);
            return false;
        }
    }

    private void refreshSlow(Cgroups from, List<ContainerHandle> all, long now) {
        if (slow.isEmpty()) {
            return;
        }
        List<MountedDevices.Mounted> mounts =
                from.host().map(host -> host.devices().mounts()).orElse(List.of());
        List<SlowNumbers.Target> targets =
                all.stream()
                        .flatMap(handle -> handle.target(from.surroundings(), mounts).stream())
                        .toList();
        slow.forEach(numbers -> numbers.refresh(targets, now));
    }

    private boolean readMachine(SampleSet samples) {
        try {
            machine.read(workers.first().text(), samples);
            return true;
        } catch (IOException e) {
            log.debug("The machine could not be read", e);
            return false;
        }
    }

    @Override
    public void close() {
        slow.forEach(SlowNumbers::close);
        workers.close();
        handles.close();
    }
}
