// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How much a caller may do; each scope includes those before it. */
public enum Scope {
    /** Read the metrics, nothing else. */
    METRICS,
    /** Read everything. */
    READ,
    /** Everything. */
    ADMIN;

    /** Whether a caller of this scope may do what needs the other one. */
    public boolean covers(Scope needed) {
        return compareTo(needed) >= 0;
    }

    /** The scope as files and the command line spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope that is spelled so, in any case. */
    public static Optional<Scope> of(String word) {
        return Stream.of(values()).filter(scope -> scope.word().equalsIgnoreCase(word)).findFirst();
    }
}
