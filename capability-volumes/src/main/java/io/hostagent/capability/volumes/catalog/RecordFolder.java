// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.trust.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records in a folder, each in a file of its own that is replaced as a whole and on the disk when a
 * call returns. A file carries a checksum; one that does not fit is damaged and never taken for
 * nothing. What calls it keeps two writers apart.
 */
public final class RecordFolder {

    private static final String END = ".json";

    private final Path folder;

    /**
     * Uses a folder, and makes it when it is not there.
     *
     * @throws IOException when it cannot be made
     */
    public RecordFolder(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /**
     * What a folder holds.
     *
     * @param records that can be read
     * @param damaged files that cannot
     */
    public record Content(List<Versioned> records, List<Path> damaged) {}

    /** All records. */
    public Content read() throws IOException {
        List<Versioned> records = new ArrayList<>();
        List<Path> damaged = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.filter(RecordFolder::isRecord)::iterator) {
                Optional<Versioned> found = parse(Files.readAllBytes(file));
                found.ifPresentOrElse(records::add, () -> damaged.add(file));
            }
        }
        return new Content(List.copyOf(records), List.copyOf(damaged));
    }

    private static boolean isRecord(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(END) && !name.startsWith(".");
    }

    /**
     * The record of a name.
     *
     * @throws IOException also when its file is damaged
     */
    public Optional<Versioned> read(VolumeName name) throws IOException {
        Path file = file(name);
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<Versioned> found = parse(content);
        if (found.isEmpty()) {
            throw new IOException(file + " is damaged");
        }
        return found;
    }

    /** Writes a record. */
    public void write(Versioned versioned) throws IOException {
        Map<String, @Nullable Object> record = RecordJson.write(versioned.record());
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("version", versioned.version());
        tree.put("sum", sum(versioned.version(), record));
        tree.put("record", record);
        PrivateFile.write(file(versioned.record().name()), JsonTree.writeIndented(tree));
    }

    /** Takes a record away; nothing happens when there is none. */
    public void delete(VolumeName name) throws IOException {
        if (Files.deleteIfExists(file(name))) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    /** Puts a damaged file aside, where a person can look at it. */
    public Path setAside(Path damaged) throws IOException {
        return Files.move(
                damaged,
                damaged.resolveSibling(damaged.getFileName() + ".damaged"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** The name of a file says nothing of the volume's: those differ in case alone, or are long. */
    private Path file(VolumeName name) {
        return folder.resolve(hash(name.value().getBytes(UTF_8)).substring(0, 40) + END);
    }

    private static Optional<Versioned> parse(byte[] content) {
        try {
            @Nullable Object tree = JsonTree.read(content);
            Long version = JsonTree.number(tree, "version");
            VolumeRecord record = RecordJson.read(JsonTree.at(tree, "record"));
            String sum = JsonTree.text(tree, "sum");
            // Of what was read: an older agent, or a newer one, writes records of other members.
            return version != null && sum(version, JsonTree.map(tree, "record")).equals(sum)
                    ? Optional.of(new Versioned(record, version))
                    : Optional.empty();
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static String sum(long version, Map<String, @Nullable Object> record) {
        return version + ":" + hash(JsonTree.write(record));
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
