// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.backend.BtrfsBackend;
import io.hostagent.capability.volumes.backend.DirectoryBackend;
import io.hostagent.capability.volumes.backend.LoopBackend;
import io.hostagent.capability.volumes.backend.Pools;
import io.hostagent.capability.volumes.backend.SafeCopy;
import io.hostagent.capability.volumes.backend.SharedBackend;
import io.hostagent.capability.volumes.event.EventRing;
import io.hostagent.capability.volumes.meter.VolumeNumbers;
import io.hostagent.capability.volumes.mount.HostView;
import io.hostagent.capability.volumes.option.SpecChoice;
import io.hostagent.capability.volumes.option.VolumeClasses;
import io.hostagent.capability.volumes.service.FileCopy;
import io.hostagent.capability.volumes.service.HostVolumes;
import io.hostagent.capability.volumes.service.Opening;
import io.hostagent.capability.volumes.service.UserSource;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.HostName;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.SettingsReader;
import io.hostagent.core.settings.Variables;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/** Where volumes are kept. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCapability("CAP_VOLUMES")
class StorageConfiguration {

    private static final Logger log = LoggerFactory.getLogger(StorageConfiguration.class);

    @Bean
    VolumesSettings volumesSettings(Environment environment) {
        return new VolumesVariables(new SettingsReader(new Variables(environment))).read();
    }

    @Bean
    Tools volumeTools() {
        return new Tools();
    }

    @Bean
    Pools volumePools(VolumesSettings settings, Tools tools) {
        Path pools = settings.home().resolve("pools");
        List<Backend> backends = new ArrayList<>();
        backends.add(new DirectoryBackend(pools.resolve("directory"), tools));
        backends.add(new LoopBackend(pools.resolve("loop"), tools));
        backends.add(new BtrfsBackend(settings.btrfs().orElse(pools.resolve("btrfs")), tools));
        settings.shared().ifPresent(path -> backends.add(new SharedBackend(path, tools)));
        return new Pools(backends);
    }

    @Bean
    EventRing volumeEvents() {
        return new EventRing(Clock.systemUTC());
    }

    @Bean
    VolumeNumbers volumeNumbers(ObjectProvider<HostVolumes> volumes) {
        return new VolumeNumbers(volumes::getObject);
    }

    @Bean
    HostView hostView(
            VolumesSettings volumes, AgentSettings settings, ReactorResourceFactory eventLoops) {
        Supplier<EventLoop> loops = () -> eventLoops.getLoopResources().onClient(true).next();
        return volumes.propagated()
                .map(folder -> HostView.ofManagedPlugin(settings.engine(), folder, loops))
                .orElseGet(() -> new HostView(settings.engine(), loops));
    }

    @Bean(destroyMethod = "")
    HostVolumes hostVolumes(
            VolumesSettings settings,
            Pools pools,
            Tools tools,
            HostView view,
            AgentSettings agent,
            EventRing events,
            VolumeNumbers numbers,
            HostRoot hostRoot,
            ContainerRegistry registry,
            ObjectProvider<EngineDuties> duties,
            ObjectProvider<UserSource> users) {
        return new HostVolumes(
                new Opening(
                        settings.home(),
                        settings.mounts(),
                        agent.dataPath().resolve("volumes-home"),
                        () -> name(hostRoot, registry),
                        pools,
                        new SpecChoice(
                                pools,
                                classes(settings, pools),
                                settings.backend(),
                                settings.imageSize()),
                        settings.retention(),
                        view::verify,
                        users.orderedStream().toList(),
                        copying(tools, settings.home().resolve("copying")),
                        event -> {
                            events.publish(event);
                            numbers.publish(event);
                            if (event.action().equals("create")) {
                                duties.ifAvailable(EngineDuties::created);
                            }
                        },
                        Clock.systemUTC()));
    }

    private static String name(HostRoot root, ContainerRegistry registry) {
        return HostName.find(HostFiles.of(root), registry.engine().map(EngineInfo::name))
                .map(HostName::name)
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    private static VolumeClasses classes(VolumesSettings settings, Pools pools) {
        return new VolumeClasses(
                Map.of(
                        "gold", settings.gold().orElseGet(() -> VolumeClasses.best(pools)),
                        "silver", settings.silver(),
                        "bronze", settings.bronze()));
    }

    private static FileCopy copying(Tools tools, Path place) {
        SafeCopy copy = new SafeCopy(tools, place);
        try {
            copy.recover();
        } catch (IOException e) {
            log.warn("What a copy left at {} stays mounted: {}", place, e.getMessage());
        }
        return copy::copy;
    }
}
