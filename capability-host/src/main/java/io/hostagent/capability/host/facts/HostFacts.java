// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelClock;
import io.hostagent.core.kernel.SpaceReader;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All that is known about the host, part by part. Each part is read once for all who ask at the
 * same time; what does not change while a host runs is kept for minutes, and the rest for a second.
 * A part that takes too long is absent, and the others are there.
 */
public final class HostFacts {

    private static final Duration STATIC = Duration.ofMinutes(10);
    private static final Duration MOMENTARY = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration ENGINE_LIMIT = Duration.ofSeconds(2);

    private record Section(String name, SharedRead<Part> source) {}

    private final Blocking blocking;
    private final HostRoot hostRoot;
    private final DockerEngine engine;
    private final boolean engineIsHere;
    private final List<Section> sections;

    /**
     * Prepares to read; nothing is read before somebody asks.
     *
     * @param engineIsHere whether the engine is on this very host, so that its host's name is this
     *     one's
     */
    public HostFacts(
            Blocking blocking, HostRoot hostRoot, DockerEngine engine, boolean engineIsHere) {
        this.blocking = blocking;
        this.hostRoot = hostRoot;
        this.engine = engine;
        this.engineIsHere = engineIsHere;
        FileSystemFacts fileSystems =
                new FileSystemFacts(hostRoot, new SpaceReader(FileSystemSpace::of));
        ClockFacts clock = new ClockFacts(KernelClock::read, Clock.systemUTC());
        sections =
                List.of(
                        section("operatingSystem", STATIC, SystemFacts::operatingSystem),
                        section("kernel", STATIC, SystemFacts::kernel),
                        section("hardware", STATIC, HardwareFacts::read),
                        section("virtualization", STATIC, HardwareFacts::virtualization),
                        section("cpu", STATIC, CpuFacts::read),
                        section("memory", MOMENTARY, MemoryFacts::read),
                        section("fileSystems", MOMENTARY, fileSystems::read),
                        // Disks come and go with USB.
                        section("blockDevices", MOMENTARY, BlockDeviceFacts::read),
                        section("networkInterfaces", MOMENTARY, NetworkFacts::read),
                        section("sensors", MOMENTARY, SensorFacts::read),
                        section("graphics", STATIC, GraphicsFacts::read),
                        section("clock", MOMENTARY, clock::read));
    }

    private Section section(String name, Duration keep, SharedRead.Reader<Part> reader) {
        return new Section(name, new SharedRead<>(blocking, LIMIT, keep, reader));
    }

    /** The parts by name, each with its values and the list {@code absent}, for JSON. */
    public Mono<Map<String, Object>> read() {
        return blocking.call(LIMIT, () -> HostFiles.of(hostRoot))
                .flatMap(files -> Mono.zip(askEngine(files), readSections(files), this::join));
    }

    /** What needs the engine: what it is, and how its host is called. */
    private record Asked(Part host, Part engine) {}

    private Mono<Asked> askEngine(HostFiles files) {
        return engine.info()
                .timeout(ENGINE_LIMIT)
                .flatMap(info -> asked(files, Optional.of(info), EngineFacts.of(info)))
                .onErrorResume(
                        failure -> asked(files, Optional.empty(), EngineFacts.without(failure)));
    }

    private Mono<Asked> asked(HostFiles files, Optional<EngineInfo> info, Part part) {
        Optional<EngineInfo> ofThisHost = engineIsHere ? info : Optional.empty();
        return blocking.call(LIMIT, () -> new Asked(Hostname.find(files, ofThisHost), part));
    }

    private Mono<List<Part>> readSections(HostFiles files) {
        return Flux.fromIterable(sections)
                .flatMapSequential(section -> read(section, files), sections.size())
                .collectList();
    }

    private static Mono<Part> read(Section section, HostFiles files) {
        return section.source()
                .of(files)
                .onErrorResume(
                        TimeoutException.class,
                        late ->
                                Mono.just(
                                        new Part()
                                                .without(
                                                        section.name(),
                                                        "the kernel did not answer within "
                                                                + LIMIT.toSeconds()
                                                                + " s",
                                                        "look at the host's kernel log")));
    }

    private Map<String, Object> join(Asked asked, List<Part> parts) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("host", asked.host().json());
        for (int i = 0; i < parts.size(); i++) {
            facts.put(sections.get(i).name(), parts.get(i).json());
        }
        facts.put("containerEngine", asked.engine().json());
        return facts;
    }
}
