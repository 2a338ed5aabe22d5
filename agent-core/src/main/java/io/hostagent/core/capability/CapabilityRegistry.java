// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.settings.Flag;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All capabilities of this build, on or off, and how each is doing at the moment of asking. */
public final class CapabilityRegistry {

    private final List<CapabilityDescriptor> capabilities;
    private final Function<String, @Nullable String> variables;

    /**
     * Collects the capabilities.
     *
     * @param variables looks an environment variable up
     * @throws io.hostagent.core.settings.SettingsException when a flag is neither a yes nor a no
     */
    public CapabilityRegistry(
            List<CapabilityDescriptor> capabilities, Function<String, @Nullable String> variables) {
        this.capabilities =
                capabilities.stream()
                        .sorted(Comparator.comparing(CapabilityDescriptor::name))
                        .toList();
        this.variables = variables;
        for (CapabilityDescriptor capability : this.capabilities) {
            isOn(capability);
        }
    }

    /** Every capability, by name. */
    public List<CapabilityDescriptor> all() {
        return capabilities;
    }

    /** Whether a capability's flag is on. */
    public boolean isOn(CapabilityDescriptor capability) {
        return Flag.read(
                capability.flag(), variables.apply(capability.flag()), capability.onByDefault());
    }

    /** How a capability is doing now. */
    public CapabilityStatus status(CapabilityDescriptor capability) {
        String value = variables.apply(capability.flag());
        String set =
                value == null ? capability.flag() + " is not set" : capability.flag() + "=" + value;
        if (!isOn(capability)) {
            return new CapabilityStatus.Off(set, "set " + capability.flag() + "=1");
        }
        for (Need need : capability.needs()) {
            Optional<Absence> absence = need.missing().get();
            if (absence.isPresent()) {
                return new CapabilityStatus.Waiting(absence.get().why(), absence.get().remedy());
            }
        }
        return new CapabilityStatus.On(value == null ? "on by default" : set);
    }

    /**
     * Warnings about variables that look like a flag of no capability.
     *
     * @param names all environment variables
     */
    public List<String> unknownFlags(Stream<String> names) {
        List<String> known = capabilities.stream().map(CapabilityDescriptor::flag).toList();
        return names.filter(name -> name.startsWith("CAP_") && !known.contains(name))
                .sorted()
                .map(
                        name ->
                                name
                                        + " is no capability of this agent and does nothing; did"
                                        + " you mean "
                                        + nearest(name, known)
                                        + "?")
                .toList();
    }

    private static String nearest(String name, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(flag -> distance(name, flag)))
                .orElse("CAP_PROXY");
    }

    /** Edit distance of Levenshtein, case ignored. */
    private static int distance(String left, String right) {
        String a = left.toUpperCase(Locale.ROOT);
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
