// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sets a parameter or field of type {@link DockerSwarm} to hosts that form a Swarm and have the
 * workload image. All test classes of the process that ask for the same shape share it. With {@code
 * LAB_KEEP=1} it is kept, and reused by the next process.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
public @interface LabSwarm {

    int hosts() default 3;

    int managers() default 1;

    /** The engines' version: {@code 20} or {@code 26}. */
    String engine() default "26";

    /** Whether to load the images {@code lab/base:1} and {@code lab/jdk:25} as well. */
    boolean baseImages() default false;
}
