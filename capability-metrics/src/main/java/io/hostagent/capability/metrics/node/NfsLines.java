// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What NFS counts, in {@code /proc/net/rpc/nfs} and {@code nfsd}: on each line a word and numbers.
 * What a kernel does not count, since it is too old or has dropped a version of NFS, is 0.
 */
final class NfsLines {

    private static final double[] NOTHING = {};

    private final Map<String, double[]> lines = new HashMap<>();

    /** Those of a file that was just read. */
    NfsLines(KernelText text) throws KernelFormatException {
        List<Double> numbers = new ArrayList<>();
        while (text.line()) {
            if (text.field()) {
                String word = text.text();
                numbers.clear();
                // The threads of a server are followed by fractions that mean nothing any more.
                while (text.field() && !(word.equals("th") && numbers.size() == 2)) {
                    numbers.add(text.unsigned());
                }
                lines.put(word, numbers.stream().mapToDouble(Double::doubleValue).toArray());
            }
        }
    }

    /** A number of a line, the first one being 0. */
    double number(String word, int index) {
        double[] numbers = lines.getOrDefault(word, NOTHING);
        return index < numbers.length ? numbers[index] : 0;
    }

    /** The labels of the calls of a version, in the order in which they are counted. */
    static List<Labels> calls(String version, String names) {
        return Arrays.stream(names.split(" ", -1))
                .map(
                        name ->
                                name.equals("-")
                                        ? Labels.NONE
                                        : Labels.of(
                                                List.of(
                                                        new Label("proto", version),
                                                        new Label("method", name))))
                .toList();
    }

    /** Tells the calls of a line, whose first number says how many there are. */
    void tell(String word, List<Labels> calls, FamilySamples samples) {
        for (int i = 0; i < calls.size(); i++) {
            if (!calls.get(i).isEmpty()) {
                samples.add(calls.get(i), number(word, i + 1));
            }
        }
    }
}
