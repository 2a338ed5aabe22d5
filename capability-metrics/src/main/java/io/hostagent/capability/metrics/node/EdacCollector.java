// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Errors of memory that the machine found, corrected or not, from {@code
 * /sys/devices/system/edac/mc}. Most machines have no such folder.
 */
final class EdacCollector implements NodeCollector {

    private static final Pattern CONTROLLER = Pattern.compile("mc\\d+");
    private static final Pattern ROW = Pattern.compile("csrow\\d+");

    private static final Family CORRECTED =
            Family.counter("node_edac_correctable_errors_total", "Errors that were corrected.");
    private static final Family UNCORRECTED =
            Family.counter(
                    "node_edac_uncorrectable_errors_total", "Errors that could not be corrected.");
    private static final Family ROW_CORRECTED =
            Family.counter(
                    "node_edac_csrow_correctable_errors_total",
                    "Errors of a row of chips that were corrected.");
    private static final Family ROW_UNCORRECTED =
            Family.counter(
                    "node_edac_csrow_uncorrectable_errors_total",
                    "Errors of a row of chips that could not be corrected.");

    @Override
    public String name() {
        return "edac";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        for (Path controller : matching(scrape.sys("devices/system/edac/mc"), CONTROLLER)) {
            Labels labels = Labels.of("controller", number(controller));
            Labels unknown = labels.and("csrow", "unknown");
            add(scrape, controller.resolve("ce_count"), CORRECTED, labels, samples);
            add(scrape, controller.resolve("ce_noinfo_count"), ROW_CORRECTED, unknown, samples);
            add(scrape, controller.resolve("ue_count"), UNCORRECTED, labels, samples);
            add(scrape, controller.resolve("ue_noinfo_count"), ROW_UNCORRECTED, unknown, samples);
            for (Path row : matching(controller, ROW)) {
                Labels ofRow = labels.and("csrow", number(row));
                add(scrape, row.resolve("ce_count"), ROW_CORRECTED, ofRow, samples);
                add(scrape, row.resolve("ue_count"), ROW_UNCORRECTED, ofRow, samples);
            }
        }
    }

    private static List<Path> matching(Path folder, Pattern name) {
        return KernelFile.entries(folder).stream()
                .filter(path -> name.matcher(KernelFile.name(path)).matches())
                .toList();
    }

    private static String number(Path folder) {
        return KernelFile.name(folder).replaceAll("\\D", "");
    }

    private static void add(
            NodeScrape scrape, Path file, Family family, Labels labels, SampleSet samples)
            throws IOException {
        double value =
                scrape.number(file)
                        .orElseThrow(() -> new KernelFormatException(file + " cannot be read"));
        samples.family(family).add(labels, value);
    }
}
