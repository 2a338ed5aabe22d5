// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import org.jspecify.annotations.Nullable;

/** A variable that the core or a capability reads: its default, what it takes and what it means. */
public interface EnvironmentVariable {

    /** Its name, such as {@code AGENT_PORT}. */
    String name();

    /** The value used when the variable is unset or empty; {@code null} when there is none. */
    @Nullable String defaultValue();

    /** What kind of value it takes, in words. */
    String takes();

    /** What it means, in one sentence for the documentation. */
    String meaning();

    /** Whether the value is secret: never logged, and also readable from {@code NAME_FILE}. */
    boolean secret();
}
