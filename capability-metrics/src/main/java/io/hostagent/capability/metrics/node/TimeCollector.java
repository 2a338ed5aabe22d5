// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The time, the host's time zone, and what the kernel counts the time with. */
final class TimeCollector implements NodeCollector {

    private static final Family TIME =
            Family.gauge("node_time_seconds", "The time in seconds since 1970, in UTC.");
    private static final Family ZONE =
            Family.gauge(
                    "node_time_zone_offset_seconds",
                    "By how many seconds the host's clocks are ahead of UTC.");
    private static final Family AVAILABLE =
            Family.gauge(
                    "node_time_clocksource_available_info",
                    "1, labelled with a source that the kernel could count the time with.");
    private static final Family CURRENT =
            Family.gauge(
                    "node_time_clocksource_current_info",
                    "1, labelled with the source that the kernel counts the time with.");

    private static final String DEVICE = "clocksource";
    private static final DateTimeFormatter ABBREVIATION =
            DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH);

    private final Clock clock;

    TimeCollector(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Instant now = clock.instant();
        samples.family(TIME).add(now.getEpochSecond() + now.getNano() / 1e9);
        ZonedDateTime there = now.atZone(HostTimeZone.of(scrape.files()));
        samples.family(ZONE)
                .add(
                        Labels.of("time_zone", abbreviation(there)),
                        there.getOffset().getTotalSeconds());
        for (Path folder : KernelFile.entries(scrape.sys("devices/system/clocksource"))) {
            String name = KernelFile.name(folder);
            if (name.startsWith(DEVICE)) {
                Labels device = Labels.of("device", name.substring(DEVICE.length()));
                addSources(scrape, folder, device, samples);
            }
        }
    }

    private static String abbreviation(ZonedDateTime there) {
        ZoneId zone = there.getZone();
        return zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : ABBREVIATION.format(there);
    }

    private static void addSources(
            NodeScrape scrape, Path folder, Labels device, SampleSet samples) {
        @Nullable String available = scrape.value(folder.resolve("available_clocksource"));
        @Nullable String current = scrape.value(folder.resolve("current_clocksource"));
        if (available == null || current == null) {
            return;
        }
        for (String source : available.split("\\s+", -1)) {
            samples.family(AVAILABLE).add(device, Labels.of("clocksource", source), 1);
        }
        samples.family(CURRENT).add(device, Labels.of("clocksource", current), 1);
    }
}
