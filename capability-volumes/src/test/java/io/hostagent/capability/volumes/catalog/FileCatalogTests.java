// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.catalog.Catalog.Outcome;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCatalogTests extends CatalogContract {

    @TempDir Path folder;

    @Override
    Catalog catalog() throws IOException {
        return new FileCatalog(new RecordFolder(folder));
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    @Test
    void keepsAllOfARecordOverAStart() throws IOException {
        Outcome.Done done = (Outcome.Done) catalog().create(Records.fresh("web"));

        assertThat(catalog().get(new VolumeName("web"))).contains(done.now());
        assertThat(Files.size(onlyFile())).isLessThan(4096);
    }

    /** A record of an agent that wrote other members has a checksum of those. */
    @Test
    void readsWhatAnotherAgentWrote() throws Exception {
        VolumeRecord record = Records.fresh("web");
        catalog().create(record);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(RecordJson.write(record));
        tree.put("later", "a member");
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(JsonTree.write(tree));
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("version", 7L);
        file.put("sum", "7:" + HexFormat.of().formatHex(sum));
        file.put("record", tree);
        Files.write(onlyFile(), JsonTree.writeIndented(file));

        assertThat(catalog().get(new VolumeName("web")).orElseThrow().record()).isEqualTo(record);
    }

    @Test
    void keepsLabels() throws IOException {
        VolumeRecord record = Records.fresh("web").with(Map.of("of", "shop"));
        assertThat(RecordJson.write(Records.fresh("web"))).doesNotContainKey("labels");

        catalog().create(record);

        assertThat(catalog().get(new VolumeName("web")).orElseThrow().record()).isEqualTo(record);
    }

    @Test
    void neverTakesADamagedFileForNoneAtAll() throws IOException {
        catalog().create(Records.fresh("web"));
        Path file = onlyFile();
        Files.writeString(file, Files.readString(file).replace("\"epoch\" : 1", "\"epoch\" : 2"));

        assertThatThrownBy(() -> catalog().get(new VolumeName("web")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
        assertThat(catalog().create(Records.fresh("web"))).isInstanceOf(Outcome.Unknown.class);
        assertThat(new RecordFolder(folder).read().damaged()).containsExactly(file);
    }

    @Test
    void doesNotLookAtWhatACrashLeftBeside() throws IOException {
        catalog().create(Records.fresh("web"));
        Files.writeString(folder.resolve("." + onlyFile().getFileName() + ".new"), "{");

        assertThat(catalog().list()).hasSize(1);
        assertThat(new RecordFolder(folder).read().damaged()).isEmpty();
    }

    @Test
    void isOneAgentsAtATime() throws Exception {
        try (FolderClaim claim = FolderClaim.on(folder)) {
            assertThat(claim).isNotNull();
            assertThatThrownBy(() -> FolderClaim.on(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another agent works in");
        }
        FolderClaim.on(folder).close();
    }
}
