// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an engine can ask a volume plugin for. */
enum PluginCall {
    ACTIVATE("/Plugin.Activate"),
    CAPABILITIES("/VolumeDriver.Capabilities"),
    LIST("/VolumeDriver.List"),
    GET("/VolumeDriver.Get"),
    PATH("/VolumeDriver.Path"),
    CREATE("/VolumeDriver.Create"),
    REMOVE("/VolumeDriver.Remove"),
    MOUNT("/VolumeDriver.Mount"),
    UNMOUNT("/VolumeDriver.Unmount");

    private static final Map<String, PluginCall> BY_PATH =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(PluginCall::path, Function.identity()));

    private final String path;

    PluginCall(String path) {
        this.path = path;
    }

    /** The call at a path; empty when there is none. */
    static Optional<PluginCall> at(String path) {
        return Optional.ofNullable(BY_PATH.get(path));
    }

    /** Where engines find it. */
    String path() {
        return path;
    }
}
