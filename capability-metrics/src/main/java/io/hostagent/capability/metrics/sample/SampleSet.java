// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The samples that one worker found in one scrape, family by family in the order in which the
 * families were first asked for. Filled by one thread; whoever it is handed to only reads.
 */
public final class SampleSet {

    private final Map<String, FamilySamples> families = new LinkedHashMap<>();
    private final Map<String, Integer> expected;

    /** Is empty. */
    public SampleSet() {
        this(Map.of());
    }

    /**
     * Is empty.
     *
     * @param expected what {@link #sizes} of the one before were, which these will be about
     */
    public SampleSet(Map<String, Integer> expected) {
        this.expected = expected;
    }

    /** How many samples there are of each family. */
    public Map<String, Integer> sizes() {
        Map<String, Integer> sizes = HashMap.newHashMap(families.size());
        families.forEach((name, samples) -> sizes.put(name, samples.size()));
        return sizes;
    }

    /** Where samples of a family go; the first one to ask for a name says its type and help. */
    public FamilySamples family(Family family) {
        FamilySamples samples = families.get(family.name());
        if (samples == null) {
            samples = new FamilySamples(family, expected.getOrDefault(family.name(), 0));
            families.put(family.name(), samples);
        }
        return samples;
    }

    /** The names that families which have a sample have to themselves. */
    public List<String> told() {
        return families.values().stream()
                .filter(samples -> samples.size() > 0)
                .flatMap(samples -> samples.family().names().stream())
                .toList();
    }

    /** The same samples but those of families that need one of some names. */
    public SampleSet without(Set<String> names) {
        SampleSet rest = new SampleSet();
        rest.families.putAll(families);
        rest.families
                .values()
                .removeIf(samples -> !Collections.disjoint(names, samples.family().names()));
        return rest;
    }

    /** All of them; some may have no sample. */
    public Collection<FamilySamples> families() {
        return Collections.unmodifiableCollection(families.values());
    }
}
