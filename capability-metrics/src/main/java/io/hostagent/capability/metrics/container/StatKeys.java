// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import java.util.ArrayList;
import java.util.List;

/** Which lines of a file with a word and a number in each are of interest, and what they are. */
final class StatKeys {

    private final List<String> words = new ArrayList<>();
    private final List<ContainerValue> values = new ArrayList<>();
    private final List<Double> units = new ArrayList<>();

    /** Adds a line whose number is taken as it is. */
    StatKeys and(String word, ContainerValue value) {
        return and(word, value, 1);
    }

    /**
     * Adds a line.
     *
     * @param perUnit how many of its unit are one of the sample's: 1e6 for microseconds
     */
    StatKeys and(String word, ContainerValue value, double perUnit) {
        words.add(word);
        values.add(value);
        units.add(perUnit);
        return this;
    }

    /** Takes what there is in a file that was read; lines that are not there are no numbers. */
    void read(KernelText text, Numbers numbers) throws KernelFormatException {
        int missing = words.size();
        while (missing > 0 && text.line()) {
            if (!text.field()) {
                continue;
            }
            for (int i = 0; i < words.size(); i++) {
                if (text.is(words.get(i))) {
                    if (!text.field()) {
                        throw new KernelFormatException("no number behind " + words.get(i));
                    }
                    numbers.set(values.get(i), text.unsigned() / units.get(i));
                    missing--;
                    break;
                }
            }
        }
    }
}
