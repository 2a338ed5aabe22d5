// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The differences that are wanted, from a file of the project. A line has three parts: what may
 * differ, an expression that matches the name of a family or of a series, and why.
 */
final class WantedDifferences {

    private final List<Rule> rules = new ArrayList<>();

    private record Rule(Difference.Kind kind, Pattern name) {

        boolean allows(Difference difference) {
            return difference.kind() == kind
                    && (name.matcher(difference.family()).matches()
                            || name.matcher(difference.subject()).matches());
        }
    }

    private WantedDifferences() {}

    /** Reads a file beside this class. */
    static WantedDifferences of(String file) {
        WantedDifferences wanted = new WantedDifferences();
        try (@Nullable InputStream in = WantedDifferences.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException(file);
            }
            new String(in.readAllBytes(), UTF_8).lines().forEach(wanted::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return wanted;
    }

    private void add(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        String[] parts = line.strip().split("\\s+", 3);
        if (parts.length < 3) {
            throw new IllegalArgumentException("no reason given: " + line);
        }
        rules.add(new Rule(Difference.Kind.valueOf(parts[0]), Pattern.compile(parts[1])));
    }

    /** Those that nobody wants. */
    List<Difference> without(List<Difference> differences) {
        return differences.stream()
                .filter(difference -> rules.stream().noneMatch(rule -> rule.allows(difference)))
                .toList();
    }
}
