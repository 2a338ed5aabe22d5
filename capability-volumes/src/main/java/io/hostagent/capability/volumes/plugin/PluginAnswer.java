// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.Move;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.ApiError;
import io.hostagent.core.json.JsonTree;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers to an engine, as bytes. A failure is an answer like others: engines repeat what has
 * another status, or take it for something else. There is no {@code null} in any of them; one in a
 * list ends the engine's process.
 */
final class PluginAnswer {

    static final byte[] ACTIVATED = "{\"Implements\":[\"VolumeDriver\"]}".getBytes(UTF_8);

    static final byte[] CAPABILITIES =
            "{\"Capabilities\":{\"Scope\":\"global\"},\"Err\":\"\"}".getBytes(UTF_8);

    static final byte[] DONE = error("");

    private PluginAnswer() {}

    /** What failed. */
    static byte[] error(String text) {
        return JsonTree.write(Map.of("Err", text));
    }

    /** What failed, and what to do. */
    static byte[] error(AgentException failure) {
        ApiError error = failure.error();
        return error(
                error.details().isEmpty()
                        ? error.message()
                        : error.message() + ": " + error.details());
    }

    /** One volume. */
    static byte[] volume(KnownVolume volume) {
        Map<String, Object> shown = brief(volume);
        VolumeRecord record = volume.record();
        // It is read as RFC 3339, and an engine that cannot read it forgets the volume.
        shown.put("CreatedAt", record.created().truncatedTo(ChronoUnit.SECONDS).toString());
        shown.put("Status", status(record));
        return JsonTree.write(ordered("Volume", shown, "Err", ""));
    }

    /** Some volumes; this cannot fail. */
    static byte[] volumes(List<KnownVolume> volumes) {
        return JsonTree.write(
                Map.of("Volumes", volumes.stream().map(PluginAnswer::brief).toList()));
    }

    /** Where a volume is mounted. */
    static byte[] mountpoint(Path point) {
        return JsonTree.write(ordered("Mountpoint", point.toString(), "Err", ""));
    }

    private static Map<String, Object> brief(KnownVolume volume) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("Name", volume.record().name().value());
        volume.mountpoint()
                .filter(Path::isAbsolute)
                .ifPresent(point -> shown.put("Mountpoint", point.toString()));
        return shown;
    }

    /** Users see it in {@code docker volume inspect}; the options there may be others' wishes. */
    private static Map<String, Object> status(VolumeRecord record) {
        VolumeSpec spec = record.spec();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("id", record.id().toString());
        status.put("owner", record.owner());
        status.put("epoch", record.epoch());
        status.put("state", record.state().word());
        status.put("backend", spec.backend().word());
        if (spec.size() > 0) {
            status.put("size", spec.size());
        }
        if (!spec.volumeClass().isEmpty()) {
            status.put("class", spec.volumeClass());
        }
        status.put("onremove", spec.onRemove().word());
        if (!spec.from().isEmpty()) {
            status.put("from", spec.from());
        }
        if (spec.backend() == BackendKind.LOOP) {
            status.put("fs", spec.fs().word());
        }
        if (!record.labels().isEmpty()) {
            status.put("labels", record.labels());
        }
        @Nullable Move move = record.move();
        if (move != null) {
            status.put("moving", move.from() + " to " + move.to());
        }
        return status;
    }

    private static Map<String, Object> ordered(
            String name, Object value, String lastName, Object lastValue) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(name, value);
        answer.put(lastName, lastValue);
        return answer;
    }
}
