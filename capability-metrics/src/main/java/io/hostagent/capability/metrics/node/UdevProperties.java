// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What udev found out about a block device, from {@code /run/udev/data}: lines {@code
 * E:NAME=value}. A host without udev, or one whose root is not mounted for the agent, has none of
 * it.
 */
record UdevProperties(Map<String, String> values) {

    /** Those of a device by its numbers. */
    static UdevProperties read(NodeScrape scrape, String numbers) {
        if (scrape.files().root().isEmpty()) {
            return new UdevProperties(Map.of());
        }
        Path file = scrape.files().root().get().resolve("run/udev/data/b" + numbers);
        try {
            return parse(scrape.read(file));
        } catch (IOException e) {
            return new UdevProperties(Map.of());
        }
    }

    static UdevProperties parse(KernelText text) {
        Map<String, String> values = new HashMap<>();
        while (text.line()) {
            if (text.field(':') && text.is("E") && text.field('=')) {
                String name = text.text();
                String rest = text.rest();
                values.put(name, rest.substring(Math.min(rest.length(), name.length() + 1)));
            }
        }
        return new UdevProperties(values);
    }

    /** The first of these that has a value; empty when none has. */
    String first(String... names) {
        for (String name : names) {
            String value = values.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }
}
