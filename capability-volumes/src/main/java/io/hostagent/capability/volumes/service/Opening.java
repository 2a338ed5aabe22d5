// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Pools;
import io.hostagent.capability.volumes.event.VolumeEvents;
import io.hostagent.capability.volumes.option.SpecChoice;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What volumes are opened with.
 *
 * @param home folder of everything
 * @param mounts folder in which volumes are mounted, which the engine sees as well
 * @param keeper file elsewhere that remembers that there are volumes in it
 * @param host what this host is called
 * @param choice settles what users leave open
 * @param retention of the trash
 * @param engine the host as the engine sees it
 * @param users ways to find out who uses a volume
 */
public record Opening(
        Path home,
        Path mounts,
        Path keeper,
        Supplier<String> host,
        Pools pools,
        SpecChoice choice,
        Duration retention,
        EngineView engine,
        List<UserSource> users,
        FileCopy files,
        VolumeEvents events,
        Clock clock) {

    public Opening {
        users = List.copyOf(users);
    }
}
