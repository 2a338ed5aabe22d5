// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a collector found, as it would be written: {@code name{a="x",b="y"}} and a number, labels in
 * the order of their names.
 *
 * @param values by name and labels
 * @param types by name, in small letters
 */
record Collected(Map<String, Double> values, Map<String, String> types) {

    /** What it finds on a host. */
    static Collected by(NodeCollector collector, HostFiles files) throws IOException {
        SampleSet samples = new SampleSet();
        collector.collect(new NodeScrape(files, new KernelText()), samples);
        return of(List.of(samples));
    }

    static Collected of(List<SampleSet> sets) {
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, String> types = new TreeMap<>();
        for (SampleSet set : sets) {
            for (FamilySamples family : set.families()) {
                String name = family.family().name();
                if (family.size() > 0) {
                    types.put(name, family.family().type().name().toLowerCase(Locale.ROOT));
                }
                for (int i = 0; i < family.size(); i++) {
                    String key = family.name(i) + labels(family.subject(i), family.detail(i));
                    if (values.put(key, family.value(i)) != null) {
                        throw new AssertionError(key + " is there twice");
                    }
                }
            }
        }
        return new Collected(values, types);
    }

    private static String labels(Labels subject, Labels detail) {
        List<Label> all = new ArrayList<>(subject.all());
        all.addAll(detail.all());
        all.sort(Comparator.comparing(Label::name));
        return all.isEmpty()
                ? ""
                : all.stream()
                        .map(label -> Labels.of(label.name(), label.value()).toString())
                        .collect(Collectors.joining(",", "{", "}"));
    }

    /** The names of families that have a sample. */
    Set<String> names() {
        return types.keySet();
    }

    /** The number; an error when it is not there. */
    double value(String key) {
        Double value = values.get(key);
        if (value == null) {
            throw new AssertionError(key + " is not among " + values.keySet());
        }
        return value;
    }

    /** The first key that begins like this. */
    String key(String beginning) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError(beginning + " is not among " + values));
    }
}
