// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sets a parameter or field of type {@link DockerHost} to a host with an engine and the workload
 * image. All test classes of the process share it; it goes when they are done. With {@code
 * LAB_KEEP=1} it is kept, and reused by the next process.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
public @interface LabEngine {

    /** The engine's version: {@code 20} or {@code 26}. */
    String value() default "26";

    /** Whether to load the images {@code lab/base:1} and {@code lab/jdk:25} as well. */
    boolean baseImages() default false;
}
