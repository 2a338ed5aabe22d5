// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.OsRelease;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The host's operating system, from its os-release(5). */
final class OsCollector implements NodeCollector {

    private static final Family INFO =
            Family.gauge("node_os_info", "1, labelled with what the host's system is.");
    private static final Family VERSION =
            Family.gauge("node_os_version", "The first two parts of the system's version.");
    private static final Family SUPPORT_END =
            Family.gauge(
                    "node_os_support_end_timestamp_seconds",
                    "When the support of the system ends, in seconds since 1970.");

    private static final List<String> FILES = List.of("etc/os-release", "usr/lib/os-release");

    private static final List<String> LABELS =
            List.of(
                    "build_id",
                    "id",
                    "id_like",
                    "image_id",
                    "image_version",
                    "name",
                    "pretty_name",
                    "variant",
                    "variant_id",
                    "version",
                    "version_codename",
                    "version_id");

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

    @Override
    public String name() {
        return "os";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Map<String, String> release = OsRelease.parse(read(scrape));
        samples.family(INFO).add(labels(release, LABELS), 1);
        Matcher version = NUMBER.matcher(value(release, "version_id"));
        if (version.lookingAt()) {
            samples.family(VERSION)
                    .add(
                            labels(release, List.of("id", "id_like", "name")),
                            Double.parseDouble(version.group()));
        }
        String end = value(release, "support_end");
        if (!end.isEmpty()) {
            samples.family(SUPPORT_END).add((double) seconds(end));
        }
    }

    private static String read(NodeScrape scrape) throws NoDataException {
        for (String file : FILES) {
            @Nullable String text = scrape.files().text(file);
            if (text != null) {
                return text;
            }
        }
        throw new NoDataException("the host has neither /" + String.join(" nor /", FILES));
    }

    private static long seconds(String date) throws KernelFormatException {
        try {
            return LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        } catch (DateTimeException e) {
            throw new KernelFormatException("SUPPORT_END '" + date + "' is no date");
        }
    }

    private static Labels labels(Map<String, String> release, List<String> names) {
        return Labels.of(
                names.stream().map(name -> new Label(name, value(release, name))).toList());
    }

    private static String value(Map<String, String> release, String name) {
        return release.getOrDefault(name.toUpperCase(Locale.ROOT), "");
    }
}
