// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

/** A variable that the agent cannot start with. The message names it and says what would do. */
public final class SettingsException extends RuntimeException {

    public SettingsException(String message) {
        super(message);
    }
}
