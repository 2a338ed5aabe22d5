// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Guards the part of a capability's configuration that exists only while its flag is on. A flag
 * with a value that is neither a yes nor a no stops the start.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnCapabilityCondition.class)
public @interface ConditionalOnCapability {

    /** The environment variable, such as {@code CAP_METRICS}. */
    String value();

    /** What an unset variable means. */
    boolean onByDefault() default false;
}
