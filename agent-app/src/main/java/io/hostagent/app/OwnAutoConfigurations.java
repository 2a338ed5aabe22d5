// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lets the agent's own auto-configurations pass and none of Spring Boot's: the agent uses none of
 * them, each costs classes at every start, and a new version of Boot may bring more.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OwnAutoConfigurations implements AutoConfigurationImportFilter {

    private static final String OWN = "io.hostagent.";

    @Override
    public boolean[] match(
            @Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
        boolean[] passes = new boolean[autoConfigurationClasses.length];
        for (int i = 0; i < passes.length; i++) {
            String name = autoConfigurationClasses[i];
            passes[i] = name != null && name.startsWith(OWN);
        }
        return passes;
    }
}
