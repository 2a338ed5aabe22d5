// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import io.hostagent.core.settings.SettingsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in a sentence which variable stopped the start, instead of a stack trace. */
final class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<SettingsException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SettingsException cause) {
        String message = "The agent cannot start: " + cause.getMessage();
        return new FailureAnalysis(message, "Change or unset the variable", rootFailure);
    }
}
