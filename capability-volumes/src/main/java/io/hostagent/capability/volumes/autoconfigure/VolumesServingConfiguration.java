// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.engine.ContainerUsers;
import io.hostagent.capability.volumes.engine.EngineApi;
import io.hostagent.capability.volumes.engine.EngineVolumes;
import io.hostagent.capability.volumes.engine.KeptLabels;
import io.hostagent.capability.volumes.engine.LateStarter;
import io.hostagent.capability.volumes.engine.LocalVolumes;
import io.hostagent.capability.volumes.engine.ShadowAlarm;
import io.hostagent.capability.volumes.engine.WarmUp;
import io.hostagent.capability.volumes.event.EventRing;
import io.hostagent.capability.volumes.mount.HostView;
import io.hostagent.capability.volumes.mount.MountScan;
import io.hostagent.capability.volumes.mount.MountUsers;
import io.hostagent.capability.volumes.operation.Operations;
import io.hostagent.capability.volumes.plugin.PluginLimits;
import io.hostagent.capability.volumes.plugin.PluginServer;
import io.hostagent.capability.volumes.service.HostVolumes;
import io.hostagent.capability.volumes.service.UserSource;
import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.web.Backing;
import io.hostagent.capability.volumes.web.ControlServer;
import io.hostagent.capability.volumes.web.Diagnostics;
import io.hostagent.capability.volumes.web.ImportSources;
import io.hostagent.capability.volumes.web.VolumeApi;
import io.hostagent.capability.volumes.web.VolumesRoute;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.host.Mount;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.web.StreamRoute;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;

/** Where volumes are asked for: by engines, by people and by the command line. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCapability("CAP_VOLUMES")
class VolumesServingConfiguration {

    /** Calls of people and of the command line that are being done at once. */
    private static final int CALLS = 16;

    @Bean
    EngineApi volumesEngine(Upstream engine, ReactorResourceFactory eventLoops) {
        return new EngineApi(engine, () -> eventLoops.getLoopResources().onClient(true).next());
    }

    @Bean
    ImportSources importSources(EngineApi engine, HostRoot root) {
        return new HostFolders(new LocalVolumes(engine), root);
    }

    @Bean
    @Order(1)
    UserSource containerUsers(EngineApi engine) {
        return new ContainerUsers(new EngineVolumes(engine));
    }

    @Bean
    @Order(2)
    UserSource mountUsers(HostView view) {
        return new MountUsers(new MountScan(), view);
    }

    @Bean(destroyMethod = "")
    PluginServer volumePlugin(VolumesSettings settings, HostVolumes volumes) {
        return new PluginServer(
                settings.socket(),
                volumes,
                volumes::isOpen,
                volumes::engineRestarted,
                settings.propagated().isPresent() ? PluginLimits.MANAGED : PluginLimits.USUAL);
    }

    @Bean(destroyMethod = "")
    EngineDuties engineDuties(
            VolumesSettings settings,
            EngineApi engine,
            HostVolumes volumes,
            EventRing events,
            ContainerRegistry registry) {
        Clock clock = Clock.systemUTC();
        return new EngineDuties(
                // A managed plugin is known to its engine before it runs.
                settings.propagated().isPresent()
                        ? Optional.empty()
                        : Optional.of(new WarmUp(engine, settings.driver())),
                settings.lateStart()
                        ? Optional.of(new LateStarter(engine, settings.driver(), events, clock))
                        : Optional.empty(),
                new ShadowAlarm(engine, volumes, events, clock),
                new KeptLabels(engine, settings.driver(), volumes),
                registry);
    }

    @Bean
    VolumesLife volumesLife(
            VolumesAutoConfiguration capability,
            VolumesSettings settings,
            HostVolumes volumes,
            PluginServer plugin,
            HostView view,
            ContainerRegistry registry,
            EngineDuties duties) {
        VolumesLife life =
                new VolumesLife(
                        settings.home(),
                        volumes,
                        plugin,
                        new VisibleMounts(view, settings.mounts()),
                        registry,
                        duties);
        capability.lives(life);
        return life;
    }

    @Bean
    Operations volumeOperations() {
        return new Operations(Clock.systemUTC());
    }

    @Bean
    VolumeApi volumeApi(
            VolumesSettings settings,
            HostVolumes volumes,
            EventRing events,
            Operations operations,
            ImportSources sources,
            Tools tools) {
        return new VolumeApi(
                new Backing(
                        volumes,
                        events,
                        operations,
                        sources,
                        folder -> tools.start(Tool.TAR, packing(folder)),
                        new Diagnostics(
                                List.of(
                                        Diagnostics.mounts(
                                                Mount.OWN,
                                                List.of(settings.home(), settings.mounts())))),
                        new DiskThreads("agent-volumes-call-", CALLS),
                        Clock.systemUTC()));
    }

    private static List<String> packing(Path folder) {
        return List.of(
                "--create",
                "--file=-",
                "--directory=" + folder,
                "--xattrs",
                "--acls",
                "--sparse",
                "--numeric-owner",
                "--one-file-system",
                "--",
                ".");
    }

    @Bean
    ControlServer volumeControl(
            VolumesSettings settings,
            VolumeApi api,
            AuditLog audit,
            ReactorResourceFactory eventLoops) {
        return new ControlServer(
                settings.home().resolve("control.sock"), api, audit, eventLoops::getLoopResources);
    }

    @Bean
    StreamRoute volumesRoute(VolumeApi api, Addressee addressee, Forwarding forwarding) {
        return new VolumesRoute(api, addressee, forwarding);
    }
}
