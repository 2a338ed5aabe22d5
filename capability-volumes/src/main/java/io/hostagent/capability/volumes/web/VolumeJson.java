// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.backend.Probe;
import io.hostagent.capability.volumes.backend.Snapshot;
import io.hostagent.capability.volumes.backend.Usage;
import io.hostagent.capability.volumes.event.Told;
import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.capability.volumes.operation.Operation;
import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.PoolStatus;
import io.hostagent.capability.volumes.service.TrashedVolume;
import io.hostagent.capability.volumes.service.VolumeUser;
import io.hostagent.capability.volumes.tool.CopyWatch;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.Hold;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What callers see, as JSON. */
final class VolumeJson {

    private VolumeJson() {}

    /** Where a volume is found. */
    static String path(KnownVolume volume) {
        return "/v2/volumes/" + volume.record().name();
    }

    static Map<String, @Nullable Object> of(KnownVolume volume) {
        Map<String, @Nullable Object> json = of(volume.record());
        json.put("version", volume.version());
        json.put("mountpoint", volume.mountpoint().map(Object::toString).orElse(null));
        return json;
    }

    static Map<String, @Nullable Object> of(VolumeRecord record) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", record.name().value());
        json.put("id", record.id().toString());
        json.put("state", record.state().word());
        json.put("owner", record.owner());
        json.put("epoch", record.epoch());
        add(json, record.spec());
        json.put("created", record.created().toString());
        json.put("labels", record.labels());
        json.put("holds", record.holds().stream().map(VolumeJson::of).toList());
        return json;
    }

    private static void add(Map<String, @Nullable Object> json, VolumeSpec spec) {
        json.put("backend", spec.backend().word());
        json.put("size", spec.size());
        json.put("class", spec.volumeClass());
        if (spec.backend() == BackendKind.LOOP) {
            json.put("fs", spec.fs().word());
        }
        json.put("uid", spec.uid());
        json.put("gid", spec.gid());
        json.put("mode", String.format(Locale.ROOT, "%04o", spec.mode()));
        json.put("onremove", spec.onRemove().word());
        json.put("from", spec.from());
    }

    static Map<String, @Nullable Object> of(Hold hold) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("who", hold.who());
        json.put("why", hold.why());
        json.put("until", text(hold.until()));
        return json;
    }

    static Map<String, @Nullable Object> of(VolumeUser user) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("what", user.what());
        json.put("id", user.id());
        json.put("name", user.name());
        return json;
    }

    static Map<String, @Nullable Object> of(Usage usage) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("used", usage.used());
        json.put("limit", usage.limit());
        return json;
    }

    static Map<String, @Nullable Object> of(Snapshot snapshot) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", snapshot.name());
        json.put("taken", snapshot.taken().toString());
        json.put("bytes", snapshot.bytes() < 0 ? null : snapshot.bytes());
        return json;
    }

    static Map<String, @Nullable Object> of(TrashedVolume trashed) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", trashed.name().value());
        json.put("id", trashed.id().toString());
        json.put("removed", trashed.removed().toString());
        json.put("until", trashed.until().toString());
        add(json, trashed.spec());
        return json;
    }

    static Map<String, @Nullable Object> of(PoolStatus pool) {
        Probe probe = pool.probe();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("backend", pool.kind().word());
        json.put("path", pool.path().toString());
        json.put("works", probe.works());
        json.put("missing", probe.missing().orElse(null));
        json.put("limit", word(probe.limit()));
        json.put("snapshots", word(probe.snapshots()));
        json.put("exclusive", word(probe.exclusive()));
        json.put("filesystem", probe.fileSystem());
        json.put("capacity", probe.capacity());
        json.put("free", probe.free());
        json.put("note", probe.note());
        return json;
    }

    static Map<String, @Nullable Object> of(Operation operation) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", operation.id());
        json.put("kind", operation.kind());
        json.put("volume", operation.volume());
        json.put("state", operation.state().word());
        json.put("progress", operation.progress());
        CopyWatch.Copied copied = operation.copied();
        json.put("copied", copied == null ? null : copied.bytes());
        json.put("total", copied != null && copied.hasTotal() ? copied.total() : null);
        json.put("started", operation.started().toString());
        json.put("ended", text(operation.ended()));
        Operation.Failure failure = operation.failure();
        if (failure != null) {
            json.put(
                    "error",
                    Map.of(
                            "status", failure.status(),
                            "message", failure.error().message(),
                            "details", failure.error().details()));
        }
        json.put("result", operation.result());
        return json;
    }

    static Map<String, @Nullable Object> of(Told.Happened told) {
        VolumeEvent event = told.event();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", told.id());
        json.put("at", event.at().toString());
        json.put("action", event.action());
        json.put("volume", event.volume());
        json.put("details", event.details());
        return json;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
