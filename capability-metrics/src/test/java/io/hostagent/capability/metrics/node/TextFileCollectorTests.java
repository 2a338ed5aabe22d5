// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFileCollectorTests {

    private static final String ERROR = "node_textfile_scrape_error";

    @TempDir private Path folder;
    @TempDir private Path root;

    private final SampleSet samples = new SampleSet();

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Collected collect(TextFileCollector collector) {
        collector.collect(new NodeScrape(RecordedHost.in(root).files(), new KernelText()), samples);
        return Collected.of(List.of(samples));
    }

    private Collected collect() {
        return collect(new TextFileCollector(Optional.of(folder)));
    }

    @Test
    void tellsWhatFilesSayAndWhenTheyWereWritten() throws IOException {
        Path file = write("backup.prom", "# TYPE backup_done counter\nbackup_done{of=\"a\"} 3\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochMilli(1_700_000_000_999L)));
        write("other.txt", "ignored 1\n");

        Collected found = collect();

        assertThat(found.values())
                .containsOnlyKeys(
                        "backup_done{of=\"a\"}",
                        "node_textfile_mtime_seconds{file=\"" + file + "\"}",
                        ERROR)
                .containsEntry("backup_done{of=\"a\"}", 3.0)
                .containsEntry("node_textfile_mtime_seconds{file=\"" + file + "\"}", 1.7e9)
                .containsEntry(ERROR, 0.0);
        assertThat(found.types()).containsEntry("backup_done", "counter");
    }

    @Test
    void losesNothingButTheFileThatIsBroken() throws IOException {
        write("a.prom", "good 1\n");
        write("b.prom", "also_lost 1\nbroken\n");
        write("c.prom", "with_time 1 1395066363000\n");
        write("d.prom", "better 2\n");

        Collected found = collect();

        assertThat(found.values())
                .containsEntry("good", 1.0)
                .containsEntry("better", 2.0)
                .containsEntry(ERROR, 1.0)
                .doesNotContainKeys("also_lost", "with_time")
                .hasSize(5);
    }

    @Test
    void saysThatTheFolderIsNotThere() {
        assertThat(collect(new TextFileCollector(Optional.of(folder.resolve("none")))).values())
                .containsOnlyKeys(ERROR)
                .containsEntry(ERROR, 1.0);
    }

    @Test
    void hasNoErrorWithoutAFolder() {
        assertThat(collect(new TextFileCollector(Optional.empty())).values())
                .containsOnlyKeys(ERROR)
                .containsEntry(ERROR, 0.0);
    }

    @Test
    void mergesFamiliesOfSeveralFiles() throws IOException {
        write("a.prom", "# HELP jobs Jobs.\n# TYPE jobs gauge\njobs{of=\"a\"} 1\n");
        write(
                "b.prom",
                "# HELP jobs Jobs.\n# TYPE jobs gauge\njobs{of=\"a\"} 9\njobs{of=\"b\"} 2\n");
        write("c.prom", "# HELP jobs Others.\n# TYPE jobs gauge\njobs{of=\"c\"} 3\n");

        Collected found = collect();

        assertThat(found.values())
                .containsEntry("jobs{of=\"a\"}", 1.0)
                .containsEntry("jobs{of=\"b\"}", 2.0)
                .doesNotContainKey("jobs{of=\"c\"}")
                .containsEntry(ERROR, 1.0);
        assertThat(
                        samples.families().stream()
                                .filter(family -> family.family().name().equals("jobs")))
                .hasSize(1);
    }

    /** Its own families among them, which it tells at the end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "# TYPE node_load1 gauge\nnode_load1{a=\"1\"} 1\n",
                "# TYPE node_load1 counter\nnode_load1{a=\"1\"} 1\n",
                "# TYPE node_load1 histogram\nnode_load1_bucket{le=\"+Inf\"} 1\n",
                "# TYPE node summary\nnode_sum 1\n",
                "node_textfile_mtime_seconds{file=\"x\"} 1\n",
                "node_textfile_scrape_error 0\n",
                "node_none_yet 0\n"
            })
    void leavesOutAFamilyThatAnotherCollectorTells(String text) throws IOException {
        samples.family(Family.gauge("node_load1", "Load.")).add(5);
        samples.family(Family.gauge("node_sum", "Sum.")).add(6);
        samples.family(Family.gauge("node_none_yet", "Of collectors behind this one."));
        Path first = write("a.prom", text);
        Path again = write("b.prom", text);
        write("c.prom", "own 1\n");

        assertThat(collect().values())
                .containsOnlyKeys(
                        "node_load1",
                        "node_sum",
                        "own",
                        "node_textfile_mtime_seconds{file=\"" + first + "\"}",
                        "node_textfile_mtime_seconds{file=\"" + again + "\"}",
                        "node_textfile_mtime_seconds{file=\"" + folder.resolve("c.prom") + "\"}",
                        ERROR)
                .containsEntry("node_load1", 5.0)
                .containsEntry("node_sum", 6.0)
                .containsEntry(ERROR, 1.0);
    }

    @Test
    void leavesOutAFamilyWhosePartsAreThere() throws IOException {
        write("a.prom", "u_sum 1\n");
        write("b.prom", "# TYPE u histogram\nu_bucket{le=\"+Inf\"} 1\nu_sum 2\nu_count 1\n");
        write("c.prom", "# TYPE v summary\nv{quantile=\"0.5\"} 1\n");
        write("d.prom", "v_count 1\n");

        assertThat(collect().values())
                .containsEntry("u_sum", 1.0)
                .containsEntry("v{quantile=\"0.5\"}", 1.0)
                .containsEntry(ERROR, 1.0)
                .doesNotContainKeys("u_bucket{le=\"+Inf\"}", "u_count", "v_count");
    }

    @Test
    void tellsAHistogramWithItsType() throws IOException {
        write(
                "a.prom",
                "# TYPE took histogram\ntook_bucket{le=\"+Inf\"} 3\ntook_sum 4\ntook_count 3\n");

        Collected found = collect();

        assertThat(found.values())
                .containsEntry("took_bucket{le=\"+Inf\"}", 3.0)
                .containsEntry("took_sum", 4.0)
                .containsEntry("took_count", 3.0);
        assertThat(found.types()).containsEntry("took", "histogram");
    }

    /** Of which each bound would be in order, and the whole nonsense. */
    @Test
    void mixesNoTwoHistogramsOfTheSameThing() throws IOException {
        String one = "took_bucket{le=\"1\"} 1\ntook_bucket{le=\"+Inf\"} 2\ntook_count 2\n";
        String other = "took_bucket{le=\"5\"} 4\ntook_bucket{le=\"+Inf\"} 9\ntook_count 9\n";
        write("a.prom", "# TYPE took histogram\n" + one);
        write("b.prom", "# TYPE took histogram\n" + other + other.replace("{", "{of=\"b\","));

        assertThat(collect().values())
                .containsEntry("took_bucket{le=\"1\"}", 1.0)
                .containsEntry("took_bucket{le=\"+Inf\"}", 2.0)
                .containsEntry("took_count", 2.0)
                .containsEntry("took_bucket{le=\"5\",of=\"b\"}", 4.0)
                .doesNotContainKey("took_bucket{le=\"5\"}");
    }

    /** As many files as there are jobs, which took minutes when each looked at all before it. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void takesAFamilyOfManyFilesInItsStride() throws IOException {
        for (int file = 0; file < 800; file++) {
            StringBuilder text = new StringBuilder("# TYPE job_last gauge\n");
            for (int i = 0; i < 25; i++) {
                text.append("job_last{f=\"").append(file).append("\",i=\"").append(i);
                text.append("\"} 1\n");
            }
            write("f%04d.prom".formatted(file), text.toString());
        }

        assertThat(collect().values())
                .hasSize(800 * 25 + 800 + 1)
                .containsEntry("job_last{f=\"799\",i=\"24\"}", 1.0)
                .containsEntry(ERROR, 0.0);
    }

    @Test
    void refusesWhatIsNoUtf8() throws IOException {
        Files.write(folder.resolve("a.prom"), new byte[] {'a', '{', 'b', '=', '"', (byte) 0xff});
        write("b.prom", "own 1\n");

        assertThat(collect().values()).containsEntry("own", 1.0).containsEntry(ERROR, 1.0);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void doesNotWaitForSomebodyToWriteIntoAPipe() throws Exception {
        Process made = new ProcessBuilder("mkfifo", folder.resolve("a.prom").toString()).start();
        assertThat(made.waitFor()).isZero();
        write("b.prom", "good 1\n");

        assertThat(collect().values()).containsEntry("good", 1.0).containsEntry(ERROR, 1.0);
    }

    @Test
    void readsAFileAgainWhenItIsAnother() throws IOException {
        TextFileCollector collector = new TextFileCollector(Optional.of(folder));
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(1000));
        Files.setLastModifiedTime(write("a.prom", "number 1\n"), longAgo);
        assertThat(collect(collector).value("number")).isEqualTo(1);

        // Not even the time of a replaced file need be another one.
        Files.setLastModifiedTime(write("new", "number 2\n"), longAgo);
        Files.move(
                folder.resolve("new"),
                folder.resolve("a.prom"),
                StandardCopyOption.REPLACE_EXISTING);
        SampleSet next = new SampleSet();
        collector.collect(new NodeScrape(RecordedHost.in(root).files(), new KernelText()), next);

        assertThat(Collected.of(List.of(next)).value("number")).isEqualTo(2);
    }

    @Test
    void refusesAFileThatIsFarTooLarge() throws IOException {
        write("a.prom", "a 1\n".repeat((2 << 20) / 4 + 1));

        assertThat(collect().values()).containsOnlyKeys(ERROR).containsEntry(ERROR, 1.0);
    }

    @Test
    void refusesMoreThanAllFilesMayHaveTogether() throws IOException {
        write("a.prom", "a 1\n#" + "x".repeat(1 << 20) + "\n");
        write("b.prom", "b 1\n#" + "x".repeat(1 << 20) + "\n");
        write("c.prom", "c 1\n");

        assertThat(collect().values())
                .containsKeys("a", "c")
                .doesNotContainKey("b")
                .containsEntry(ERROR, 1.0);
    }
}
