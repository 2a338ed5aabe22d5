// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the firmware says about the machine, from {@code /sys/class/dmi/id}. It does not change
 * while the machine runs, so it is read once. Only root may read serial numbers.
 */
final class DmiCollector implements NodeCollector {

    private static final Family INFO =
            Family.gauge("node_dmi_info", "1, labelled with what the firmware says.");

    private static final List<String> FILES =
            List.of(
                    "bios_date",
                    "bios_release",
                    "bios_vendor",
                    "bios_version",
                    "board_asset_tag",
                    "board_name",
                    "board_serial",
                    "board_vendor",
                    "board_version",
                    "chassis_asset_tag",
                    "chassis_serial",
                    "chassis_vendor",
                    "chassis_version",
                    "product_family",
                    "product_name",
                    "product_serial",
                    "product_sku",
                    "product_uuid",
                    "product_version",
                    "sys_vendor");

    private @Nullable Labels found;

    @Override
    public String name() {
        return "dmi";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Labels labels = found;
        if (labels == null) {
            labels = read(scrape);
            found = labels;
        }
        if (labels.isEmpty()) {
            throw new NoDataException("the machine has no /sys/class/dmi/id");
        }
        samples.family(INFO).add(labels, 1);
    }

    private static Labels read(NodeScrape scrape) {
        Path folder = scrape.sys("class/dmi/id");
        List<Label> labels = new ArrayList<>();
        for (String file : FILES) {
            @Nullable String value = scrape.value(folder.resolve(file));
            if (value != null) {
                labels.add(new Label(file.equals("sys_vendor") ? "system_vendor" : file, value));
            }
        }
        return Labels.of(labels);
    }
}
