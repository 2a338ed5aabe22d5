// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.option;

import io.hostagent.capability.volumes.backend.Pools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.core.error.CallerException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named defaults.
 *
 * @param classes options by the name of a class
 */
public record VolumeClasses(Map<String, VolumeOptions> classes) {

    public VolumeClasses {
        classes = Map.copyOf(classes);
    }

    /**
     * The options of a class.
     *
     * @throws CallerException 400 when there is no such class
     */
    VolumeOptions of(String name) {
        VolumeOptions options = classes.get(name);
        if (options == null) {
            throw CallerException.badRequest(
                    "There is no class '" + name + "'",
                    "Classes are "
                            + String.join(", ", classes.keySet().stream().sorted().toList()));
        }
        return options;
    }

    /** What {@code gold} is when an operator has not said so. */
    public static VolumeOptions best(Pools pools) {
        return VolumeOptions.parse(
                pools.probe(BackendKind.BTRFS).works()
                        ? Map.of("backend", "btrfs")
                        : Map.of("backend", "loop", "fs", "xfs"));
    }

    /**
     * Reads the options of a class.
     *
     * @param text such as {@code backend=loop,fs=xfs,size=20g}
     * @throws CallerException 400 when it cannot be used
     */
    public static VolumeOptions parse(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                options.put(part.substring(0, equals).strip(), part.substring(equals + 1));
            } else if (!part.isBlank()) {
                throw CallerException.badRequest(
                        "'" + part.strip() + "' is no option with a value",
                        "Such as backend=loop,fs=xfs,size=20g");
            }
        }
        for (VolumeOption own : new VolumeOption[] {VolumeOption.CLASS, VolumeOption.PROFILE}) {
            if (options.containsKey(own.word())) {
                throw CallerException.badRequest(
                        "A class cannot have a " + own.word(), "Leave it out");
            }
        }
        return VolumeOptions.parse(options);
    }
}
