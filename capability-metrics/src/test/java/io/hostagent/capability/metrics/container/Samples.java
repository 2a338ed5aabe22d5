// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Samples by what they are called: {@code name{a="x",b="y"}}, with the labels in order. */
record Samples(Map<String, Double> all) {

    static Samples of(List<SampleSet> sets) {
        Map<String, Double> all = new TreeMap<>();
        for (SampleSet set : sets) {
            for (FamilySamples family : set.families()) {
                for (int i = 0; i < family.size(); i++) {
                    String name = name(family, i);
                    assertThat(all).doesNotContainKey(name);
                    all.put(name, family.value(i));
                }
            }
        }
        return new Samples(all);
    }

    private static String name(FamilySamples family, int index) {
        String labels =
                Stream.concat(
                                family.subject(index).all().stream(),
                                family.detail(index).all().stream())
                        .filter(label -> !label.name().equals("id") || label.value().equals("/"))
                        .filter(label -> !Set.of("image", "name").contains(label.name()))
                        .map(Samples::text)
                        .sorted()
                        .collect(Collectors.joining(","));
        return family.family().name() + (labels.isEmpty() ? "" : "{" + labels + "}");
    }

    private static String text(Label label) {
        return label.name() + "=" + label.value();
    }

    double get(String name) {
        Double value = all.get(name);
        assertThat(value).as(name).isNotNull();
        return Objects.requireNonNull(value);
    }

    /** Those of a family, whatever their labels. */
    Map<String, Double> family(String name) {
        Map<String, Double> some = new TreeMap<>(all);
        some.keySet().removeIf(key -> !key.equals(name) && !key.startsWith(name + "{"));
        return some;
    }

    /** The names of all families. */
    Set<String> families() {
        Set<String> names = new TreeSet<>();
        all.keySet().forEach(name -> names.add(name.replaceAll("\\{.*", "")));
        return names;
    }
}
