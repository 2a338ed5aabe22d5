// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.Hold;
import io.hostagent.capability.volumes.volume.Move;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.Replica;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.json.JsonTree;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON, below 4 KiB each unless a volume has dozens of holds or labels. What an older
 * agent wrote is read; what lacks something that every agent writes is damaged.
 */
public final class RecordJson {

    private RecordJson() {}

    /** A record as a tree that {@link JsonTree} writes. */
    public static Map<String, @Nullable Object> write(VolumeRecord record) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", record.name().value());
        tree.put("id", record.id().toString());
        tree.put("epoch", record.epoch());
        tree.put("state", record.state().word());
        tree.put("owner", record.owner());
        tree.put("ownerBoot", record.ownerBoot());
        Move move = record.move();
        tree.put("move", move == null ? null : write(move));
        tree.put("spec", write(record.spec()));
        if (!record.labels().isEmpty()) {
            tree.put("labels", record.labels());
        }
        tree.put("replicas", record.replicas().stream().map(RecordJson::write).toList());
        tree.put("holds", record.holds().stream().map(RecordJson::write).toList());
        tree.put("created", record.created().toString());
        tree.put("tx", record.tx());
        return tree;
    }

    private static Map<String, @Nullable Object> write(Move move) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", move.id());
        tree.put("from", move.from());
        tree.put("to", move.to());
        tree.put("phase", move.finished() ? "final" : "precopy");
        tree.put("startedAt", move.started().toString());
        tree.put("by", move.by());
        return tree;
    }

    private static Map<String, @Nullable Object> write(Replica replica) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("node", replica.node());
        tree.put("snapshot", replica.snapshot());
        tree.put("taken", replica.taken().toString());
        return tree;
    }

    private static Map<String, @Nullable Object> write(Hold hold) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("who", hold.who());
        tree.put("why", hold.why());
        Instant until = hold.until();
        tree.put("until", until == null ? null : until.toString());
        return tree;
    }

    /** A specification as a tree. */
    public static Map<String, @Nullable Object> write(VolumeSpec spec) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("backend", spec.backend().word());
        tree.put("size", spec.size());
        tree.put("class", spec.volumeClass());
        tree.put("fs", spec.fs().word());
        tree.put("uid", spec.uid());
        tree.put("gid", spec.gid());
        tree.put("mode", Integer.toOctalString(spec.mode()));
        tree.put("onremove", spec.onRemove().word());
        tree.put("from", spec.from());
        return tree;
    }

    /**
     * A record out of a tree.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static VolumeRecord read(@Nullable Object tree) {
        @Nullable Object move = JsonTree.at(tree, "move");
        return new VolumeRecord(
                new VolumeName(text(tree, "name")),
                UUID.fromString(text(tree, "id")),
                number(tree, "epoch"),
                word(tree, "state", VolumeState.class),
                text(tree, "owner"),
                text(tree, "ownerBoot"),
                move == null ? null : readMove(move),
                readSpec(JsonTree.at(tree, "spec")),
                JsonTree.texts(tree, "labels"),
                JsonTree.list(tree, "replicas").stream().map(RecordJson::readReplica).toList(),
                JsonTree.list(tree, "holds").stream().map(RecordJson::readHold).toList(),
                time(tree, "created"),
                text(tree, "tx"));
    }

    private static Move readMove(@Nullable Object tree) {
        return new Move(
                text(tree, "id"),
                text(tree, "from"),
                text(tree, "to"),
                text(tree, "phase").equals("final"),
                time(tree, "startedAt"),
                text(tree, "by"));
    }

    private static Replica readReplica(@Nullable Object tree) {
        return new Replica(text(tree, "node"), text(tree, "snapshot"), time(tree, "taken"));
    }

    private static Hold readHold(@Nullable Object tree) {
        return new Hold(
                text(tree, "who"),
                text(tree, "why"),
                JsonTree.text(tree, "until") == null ? null : time(tree, "until"));
    }

    /**
     * A specification out of a tree.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static VolumeSpec readSpec(@Nullable Object tree) {
        return new VolumeSpec(
                word(tree, "backend", BackendKind.class),
                number(tree, "size"),
                text(tree, "class"),
                word(tree, "fs", FileSystemType.class),
                Math.toIntExact(number(tree, "uid")),
                Math.toIntExact(number(tree, "gid")),
                Integer.parseInt(text(tree, "mode"), 8),
                word(tree, "onremove", OnRemove.class),
                text(tree, "from"));
    }

    private static String text(@Nullable Object tree, String name) {
        String text = JsonTree.text(tree, name);
        if (text == null) {
            throw new IllegalArgumentException("it has no '" + name + "'");
        }
        return text;
    }

    private static long number(@Nullable Object tree, String name) {
        Long number = JsonTree.number(tree, name);
        if (number == null) {
            throw new IllegalArgumentException("it has no number '" + name + "'");
        }
        return number;
    }

    private static Instant time(@Nullable Object tree, String name) {
        try {
            return Instant.parse(text(tree, name));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + name + "' is no time", e);
        }
    }

    private static <E extends Enum<E>> E word(@Nullable Object tree, String name, Class<E> type) {
        return Enum.valueOf(type, text(tree, name).toUpperCase(Locale.ROOT));
    }
}
