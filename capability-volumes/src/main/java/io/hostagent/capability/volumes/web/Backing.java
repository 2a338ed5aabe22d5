// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.event.EventRing;
import io.hostagent.capability.volumes.operation.Operations;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.core.concurrent.DiskThreads;
import java.time.Clock;

/**
 * What stands behind the calls of volumes.
 *
 * @param sources of imports
 * @param tar packs what is exported
 * @param diagnostics for whoever looks for a fault
 * @param disk threads for all that blocks and is over soon
 */
public record Backing(
        Volumes volumes,
        EventRing events,
        Operations operations,
        ImportSources sources,
        TarSource tar,
        Diagnostics diagnostics,
        DiskThreads disk,
        Clock clock) {}
