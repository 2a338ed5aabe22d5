// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import org.jspecify.annotations.Nullable;

/** A variable that the core or a capability reads: its default, what it takes and what it means. */
public interface EnvironmentVariable {

    /** Its name, such as {@code AGENT_PORT}. */
    String name();

    /** All that is said of it. */
    Description description();

    /** The value used when the variable is unset or empty; {@code null} when there is none. */
    default @Nullable String defaultValue() {
        return description().defaultValue();
    }

    /**
     * What is said of a variable.
     *
     * @param defaultValue used when it is unset or empty; {@code null} when there is none
     * @param takes what kind of value, in words
     * @param meaning in one sentence for the documentation
     * @param secret whether it is never logged, and also readable from {@code NAME_FILE}
     */
    record Description(
            @Nullable String defaultValue, String takes, String meaning, boolean secret) {}
}
