// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import io.hostagent.core.settings.AgentSettings.Log;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code LOG_LEVEL} and {@code LOG_MODE} in Spring Boot's words. Boot sets Logback up in code from
 * these; a configuration file would cost an XML parser at every start.
 */
final class LogProperties {

    private static final String PATTERN =
            "%clr(%d{yyyy-MM-dd HH:mm:ss.SSS}){faint} %clr(%-5level) %clr(%logger{0}){cyan} %m%n";

    private LogProperties() {}

    /**
     * Translates the settings.
     *
     * @param terminal whether somebody reads standard error on a terminal, where colours are
     *     colours
     */
    static Map<String, Object> of(Log log, boolean terminal) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("logging.level.root", log.level().name());
        switch (log.mode()) {
            case AUTO -> text(properties, terminal);
            case PRETTY -> text(properties, true);
            case NOCOLOR -> text(properties, false);
            case JSON -> properties.put("logging.structured.format.console", "ecs");
        }
        return properties;
    }

    private static void text(Map<String, Object> properties, boolean coloured) {
        properties.put("logging.pattern.console", PATTERN);
        properties.put("spring.output.ansi.enabled", coloured ? "always" : "never");
    }
}
