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

    @Test
    void readsWhatAnOlderAgentWrote() {
        VolumeRecord record = Records.fresh("web").with(Map.of("of", "shop"));
        Map<String, @Nullable Object> tree = RecordJson.write(record);
        assertThat(reread(tree)).isEqualTo(record);

        tree.remove("labels");

        assertThat(reread(tree).labels()).isEmpty();
    }

    private static VolumeRecord reread(Map<String, @Nullable Object> tree) {
        return RecordJson.read(JsonTree.read(JsonTree.write(tree)));
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
