// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The watchdogs that restart a machine that hangs, from {@code /sys/class/watchdog}. */
final class WatchdogCollector implements NodeCollector {

    private static final Family INFO =
            Family.gauge("node_watchdog_info", "1, labelled with what a watchdog is.");

    private record Value(String file, Family family) {}

    private static final List<Value> VALUES =
            List.of(
                    value("bootstatus", "bootstatus", "Why the machine was restarted, in bits."),
                    value("fw_version", "fw_version", "Version of the watchdog's firmware."),
                    value("nowayout", "nowayout", "Whether it cannot be stopped: 1, or 0."),
                    value("timeleft", "timeleft_seconds", "Seconds before it restarts."),
                    value("timeout", "timeout_seconds", "Seconds it waits for a sign of life."),
                    value("pretimeout", "pretimeout_seconds", "Seconds by which it warns before."),
                    value("access_cs0", "access_cs0", "Whether it boots from the other chip."));

    private static final List<String> LABELS =
            List.of("options", "identity", "state", "status", "pretimeout_governor");

    private static Value value(String file, String name, String help) {
        return new Value(file, Family.gauge("node_watchdog_" + name, help));
    }

    @Override
    public String name() {
        return "watchdog";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path folder = scrape.sys("class/watchdog");
        if (!Files.isDirectory(folder)) {
            throw new NoDataException("the kernel has no /sys/class/watchdog");
        }
        for (Path watchdog : KernelFile.entries(folder)) {
            add(scrape, watchdog, samples);
        }
    }

    private static void add(NodeScrape scrape, Path watchdog, SampleSet samples)
            throws IOException {
        String name = KernelFile.name(watchdog);
        Labels labels = Labels.of("name", name);
        for (Value value : VALUES) {
            OptionalDouble number = scrape.number(watchdog.resolve(value.file()));
            if (number.isPresent()) {
                samples.family(value.family()).add(labels, number.getAsDouble());
            }
        }
        List<Label> info = new ArrayList<>(List.of(new Label("name", name)));
        for (String label : LABELS) {
            @Nullable String text = scrape.value(watchdog.resolve(label));
            info.add(new Label(label, text == null ? "" : text));
        }
        samples.family(INFO).add(Labels.of(info), 1);
    }
}
