// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What a client says it takes, in {@code Accept} or {@code Accept-Encoding}: RFC 9110, section
 * 12.4.2. What cannot be understood counts as not said.
 */
final class Accepted {

    private record Item(String value, double weight) {}

    private final List<Item> items;

    private Accepted(List<Item> items) {
        this.items = items;
    }

    /** Takes a header apart that may be given in several lines. */
    static Accepted of(List<String> lines) {
        List<Item> items = new ArrayList<>();
        for (String line : lines) {
            for (String item : line.split(",", -1)) {
                String text = item.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
                int at = text.indexOf(";q=");
                String value = at < 0 ? text : text.substring(0, at);
                items.add(new Item(value, at < 0 ? 1 : weight(text.substring(at + 3))));
            }
        }
        return new Accepted(items);
    }

    private static double weight(String text) {
        String number = text.split(";", 2)[0];
        return number.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(number) : 0;
    }

    /** How much something is wanted, from 0 for not at all to 1. */
    double weight(Predicate<String> what) {
        return items.stream()
                .filter(item -> what.test(item.value()))
                .mapToDouble(Item::weight)
                .max()
                .orElse(0);
    }
}
