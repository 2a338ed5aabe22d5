// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.web.VolumesRoute;
import io.hostagent.core.autoconfigure.ClusterAutoConfiguration;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.Need;
import io.hostagent.core.capability.Need.Absence;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Volumes: what the capability is; its parts are wired beside it. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@Import({StorageConfiguration.class, VolumesServingConfiguration.class})
public final class VolumesAutoConfiguration {

    /**
     * Empty while the capability is off. The descriptor is asked at any time, also when there are
     * no beans yet or no more.
     */
    private final AtomicReference<@Nullable VolumesLife> life = new AtomicReference<>();

    @Bean
    CapabilityDescriptor volumesCapability() {
        return new CapabilityDescriptor(
                "volumes",
                "CAP_VOLUMES",
                false,
                "a Docker volume plugin: volumes with sizes, snapshots and a trash",
                VolumesRoute.PATHS,
                List.of(
                        new Need("the folder of volumes", () -> missing(VolumesLife::notOpen)),
                        new Need("mounts that the engine sees", () -> missing(VolumesLife::unseen)),
                        new Need("the socket of the plugin", () -> missing(VolumesLife::noSocket)),
                        new Need(
                                "a name that is no other volume's",
                                () -> missing(VolumesLife::shadowed))));
    }

    /** Says what serves volumes. */
    void lives(VolumesLife served) {
        life.set(served);
    }

    private Optional<Absence> missing(Function<VolumesLife, Optional<Absence>> question) {
        return Optional.ofNullable(life.get()).flatMap(question);
    }
}
