// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.MetricType;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.util.Comparator;
import java.util.List;

/**
 * The text of samples, made in pieces. The families are in the order of their names, whichever
 * thread found their samples, and each is told of once, in one place. There are no timestamps: with
 * one, Prometheus would go on to show a container for five minutes after its end.
 */
final class SampleText {

    private static final byte[] HELP = "# HELP ".getBytes(UTF_8);
    private static final byte[] TYPE = "# TYPE ".getBytes(UTF_8);
    private static final byte[] END = "# EOF\n".getBytes(UTF_8);
    private static final byte[] NOTHING = {};
    private static final String TOTAL = "_total";

    private final TextFormat format;

    /** By name, so that those of one family stand beside one another. */
    private final FamilySamples[] parts;

    private int part;
    private int sample;
    private String family = "";
    private byte[] name = NOTHING;
    private boolean ended;

    SampleText(List<SampleSet> sets, TextFormat format) {
        this.format = format;
        this.parts =
                sets.stream()
                        .flatMap(set -> set.families().stream())
                        .filter(samples -> samples.size() > 0)
                        .sorted(Comparator.comparing(samples -> samples.family().name()))
                        .toArray(FamilySamples[]::new);
    }

    /**
     * Writes on, line by line, until there is enough.
     *
     * @return whether anything was written
     */
    boolean writeOn(TextBuffer text, int enough) {
        int before = text.length();
        while (text.length() < enough && part < parts.length) {
            FamilySamples samples = parts[part];
            if (sample == 0) {
                begin(samples.family(), text);
            }
            write(samples, text, enough);
        }
        if (part == parts.length && !ended && format == TextFormat.OPENMETRICS) {
            text.append(END);
            ended = true;
        }
        return text.length() > before;
    }

    private void write(FamilySamples samples, TextBuffer text, int enough) {
        int size = samples.size();
        boolean named = samples.hasNames();
        while (sample < size && text.length() < enough) {
            text.append(named ? samples.name(sample).getBytes(UTF_8) : name);
            labels(samples.subject(sample), samples.detail(sample), text);
            text.append(' ').append(samples.value(sample)).append('\n');
            sample++;
        }
        if (sample == size) {
            part++;
            sample = 0;
        }
    }

    private static void labels(Labels subject, Labels detail, TextBuffer text) {
        if (subject.isEmpty() && detail.isEmpty()) {
            return;
        }
        text.append('{').append(subject.text());
        if (!subject.isEmpty() && !detail.isEmpty()) {
            text.append(',');
        }
        text.append(detail.text()).append('}');
    }

    private void begin(Family next, TextBuffer text) {
        if (next.name().equals(family)) {
            return;
        }
        family = next.name();
        name = family.getBytes(UTF_8);
        Declared declared = declared(next);
        byte[] declaredName = declared.name().getBytes(UTF_8);
        if (!next.help().isEmpty()) {
            text.append(HELP).append(declaredName).append(' ');
            text.append(escaped(next.help()).getBytes(UTF_8)).append('\n');
        }
        text.append(TYPE).append(declaredName).append(' ');
        text.append(declared.type().getBytes(UTF_8)).append('\n');
    }

    /** What the lines above the samples say; only OpenMetrics has names of families apart. */
    private record Declared(String name, String type) {}

    private Declared declared(Family next) {
        String full = next.name();
        String type =
                switch (next.type()) {
                    case COUNTER -> "counter";
                    case GAUGE -> "gauge";
                    case HISTOGRAM -> "histogram";
                    case SUMMARY -> "summary";
                    case UNTYPED -> "untyped";
                };
        boolean restricted = next.type() == MetricType.COUNTER || next.type() == MetricType.UNTYPED;
        if (format == TextFormat.PROMETHEUS || !restricted) {
            return new Declared(full, type);
        }
        if (next.type() == MetricType.COUNTER && full.endsWith(TOTAL)) {
            String base = full.substring(0, full.length() - TOTAL.length());
            if (!base.isEmpty() && !isThere(base)) {
                return new Declared(base, "counter");
            }
        }
        return new Declared(full, "unknown");
    }

    private boolean isThere(String name) {
        int low = 0;
        int high = parts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = parts[middle].family().name().compareTo(name);
            if (order == 0) {
                return true;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return false;
    }

    private String escaped(String help) {
        String text = help.replace("\\", "\\\\").replace("\n", "\\n");
        return format == TextFormat.OPENMETRICS ? text.replace("\"", "\\\"") : text;
    }
}
