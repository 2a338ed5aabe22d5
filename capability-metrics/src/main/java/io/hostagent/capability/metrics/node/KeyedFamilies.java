// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The families of a file in which each line has a name of its own, such as {@code /proc/meminfo}.
 * Names come in the same order every time, so that the family of a line is found without making a
 * text of its name.
 */
final class KeyedFamilies {

    /** More names than any such file has; what goes beyond is made anew each time. */
    private static final int MOST = 4096;

    private record Keyed(String key, @Nullable Family family) {}

    private final Function<String, @Nullable Family> maker;
    private final List<Keyed> known = new ArrayList<>();
    private int next;

    /**
     * Prepares to find them.
     *
     * @param maker of the family of a name; {@code null}: nothing is told about it
     */
    KeyedFamilies(Function<String, @Nullable Family> maker) {
        this.maker = maker;
    }

    /** The family of the name that is the text's field; {@code null} when nothing is told of it. */
    @Nullable Family of(KernelText text) {
        for (int i = 0; i < known.size(); i++) {
            int at = (next + i) % known.size();
            if (text.is(known.get(at).key())) {
                next = at + 1;
                return known.get(at).family();
            }
        }
        String key = text.text();
        Family family = maker.apply(key);
        if (known.size() < MOST) {
            known.add(new Keyed(key, family));
            next = known.size();
        }
        return family;
    }
}
