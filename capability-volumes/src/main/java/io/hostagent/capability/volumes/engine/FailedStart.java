// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.core.json.JsonTree;
import java.util.Locale;
import java.util.Set;

/**
 * A container as {@code GET /containers/ID/json} tells of it, looked at for whether its start
 * failed for want of a volume.
 */
record FailedStart(Object details) {

    private static final Set<String> ENDED = Set.of("exited", "created");
    private static final Set<String> ALWAYS = Set.of("always", "unless-stopped");

    /**
     * Whether it should run and does not because of a volume. The engine keeps the reason until a
     * start succeeds, so one that a user has stopped has none; the engine itself would try again
     * when it is started again.
     *
     * @param driver of the volumes
     */
    boolean isForWantOfAVolume(String driver) {
        String reason = EngineApi.text(details, "State", "Error").toLowerCase(Locale.ROOT);
        return ENDED.contains(EngineApi.text(details, "State", "Status"))
                && !JsonTree.flag(details, "State", "Running")
                && ALWAYS.contains(EngineApi.text(details, "HostConfig", "RestartPolicy", "Name"))
                && (reason.contains("volume") || reason.contains("/" + driver + ".sock"));
    }
}
