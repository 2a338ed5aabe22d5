// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.marker;

import io.hostagent.capability.volumes.backend.VolumeFolder;
import io.hostagent.capability.volumes.catalog.RecordJson;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.trust.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Markers on the disk, in the folder of the volume: {@code POOL/ID/.vol.json}. */
public final class MarkerFile {

    private MarkerFile() {}

    /**
     * The marker of a volume; empty when it has none.
     *
     * @throws IOException when there is one that cannot be read: nothing may be done with the bytes
     */
    public static Optional<Marker> read(Path pool, UUID id) throws IOException {
        Path file = VolumeFolder.of(pool, id).marker();
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            Marker marker = parse(JsonTree.read(content));
            if (!marker.id().equals(id)) {
                throw new IOException(file + " is the marker of another volume: " + marker.id());
            }
            return Optional.of(marker);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Writes a marker, on the disk when the call returns. */
    public static void write(Path pool, Marker marker) throws IOException {
        VolumeFolder folder = VolumeFolder.of(pool, marker.id());
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", marker.id().toString());
        tree.put("name", marker.name().value());
        tree.put("home", marker.home());
        tree.put("epoch", marker.epoch());
        tree.put("state", marker.state().word());
        tree.put("spec", RecordJson.write(marker.spec()));
        tree.put("created", marker.created().toString());
        tree.put("since", marker.since().toString());
        tree.put("until", marker.until().equals(Instant.MAX) ? null : marker.until().toString());
        PrivateFile.write(folder.marker(), JsonTree.writeIndented(tree));
    }

    private static Marker parse(@Nullable Object tree) {
        Long epoch = JsonTree.number(tree, "epoch");
        if (epoch == null) {
            throw new IllegalArgumentException("it has no epoch");
        }
        String until = JsonTree.text(tree, "until");
        return new Marker(
                UUID.fromString(text(tree, "id")),
                new VolumeName(text(tree, "name")),
                text(tree, "home"),
                epoch,
                Marker.State.valueOf(text(tree, "state").toUpperCase(Locale.ROOT)),
                RecordJson.readSpec(JsonTree.at(tree, "spec")),
                Instant.parse(text(tree, "created")),
                Instant.parse(text(tree, "since")),
                until == null ? Instant.MAX : Instant.parse(until));
    }

    private static String text(@Nullable Object tree, String name) {
        String text = JsonTree.text(tree, name);
        if (text == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return text;
    }
}
