// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * The variables of Spring's environment, letter by letter. Asked directly, that environment takes
 * <code>${…}</code> within a value for a reference: a secret may hold these characters.
 */
public final class Variables implements Function<String, @Nullable String> {

    private final Environment environment;

    public Variables(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String apply(String name) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            for (PropertySource<?> source : configurable.getPropertySources()) {
                Object value = source.getProperty(name);
                if (value != null) {
                    return value.toString();
                }
            }
            return null;
        }
        return environment.getProperty(name);
    }
}
