// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an engine asks for. An engine that repeats a call sends it with an empty body, so what is
 * missing is never taken for anything. Members that are not known are left out: newer engines send
 * more of them.
 *
 * @param name as it came, which may be no name at all; never empty
 * @param options of a volume that is to be created
 * @param id of a mount; empty when none was given
 */
record PluginRequest(String name, Map<String, String> options, String id) {

    PluginRequest {
        options = Map.copyOf(options);
    }

    /**
     * Reads the body of a request about one volume.
     *
     * @throws CallerException 400 when it is none
     */
    static PluginRequest of(byte[] body) {
        if (body.length == 0) {
            throw CallerException.badRequest(
                    "The request is empty", "Engines repeat failed calls like this; run it anew");
        }
        Object tree = read(body);
        if (!(tree instanceof Map<?, ?>)) {
            throw CallerException.badRequest(
                    "The request is no JSON object", "Nothing was changed");
        }
        String name = text(tree, "Name");
        if (name.isEmpty()) {
            throw CallerException.badRequest(
                    "The name of the volume is missing", "Nothing was changed");
        }
        return new PluginRequest(name, options(tree), text(tree, "ID"));
    }

    /**
     * The name of a volume that may exist.
     *
     * @throws CallerException 400 when no volume can have it
     */
    VolumeName volume() {
        return VolumeName.of(name);
    }

    private static @Nullable Object read(byte[] body) {
        try {
            return JsonTree.read(body);
        } catch (JsonException e) {
            throw CallerException.badRequest(
                    "The request is no JSON", String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> options(@Nullable Object tree) {
        Object given = JsonTree.at(tree, "Opts");
        if (given == null) {
            return Map.of();
        }
        if (!(given instanceof Map<?, ?>)) {
            throw wrong("Opts", "an object");
        }
        Map<String, String> options = new LinkedHashMap<>();
        JsonTree.map(given)
                .forEach(
                        (option, value) -> {
                            if (!(value instanceof String text)) {
                                throw wrong("The option " + option, "a text");
                            }
                            options.put(option, text);
                        });
        return options;
    }

    private static String text(@Nullable Object tree, String member) {
        Object value = JsonTree.at(tree, member);
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            throw wrong(member, "a text");
        }
        return text;
    }

    private static CallerException wrong(String what, String wanted) {
        return CallerException.badRequest(what + " is not " + wanted, "Nothing was changed");
    }
}
