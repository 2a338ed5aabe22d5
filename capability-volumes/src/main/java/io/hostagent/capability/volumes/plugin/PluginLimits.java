// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param longCall until an engine is told that a volume is still being mounted or created; it waits
 *     for two minutes
 * @param shortCall the same for what it waits a minute for
 * @param unknown how long the question for a volume is held while nobody knows which there are
 * @param stop how long calls may go on that run when the agent ends
 * @param tryAgain after which the socket is tried again when it cannot be had
 */
public record PluginLimits(
        Duration longCall, Duration shortCall, Duration unknown, Duration stop, Duration tryAgain) {

    /** Those of a plugin that engines find by its socket. */
    public static final PluginLimits USUAL =
            new PluginLimits(
                    Duration.ofSeconds(110),
                    Duration.ofSeconds(55),
                    Duration.ofSeconds(55),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10));

    /**
     * Those of a managed plugin: its engine waits for any call as long as it was told when the
     * plugin was enabled, 30 s unless told otherwise, and kills a plugin that ends for 10 s.
     */
    public static final PluginLimits MANAGED =
            new PluginLimits(
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1));
}
