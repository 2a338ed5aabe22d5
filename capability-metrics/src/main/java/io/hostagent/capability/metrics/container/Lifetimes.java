// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.docker.ContainerDetails;

/** What is told of a container without asking the kernel. */
final class Lifetimes {

    private Lifetimes() {}

    /** What the engine knows of it. */
    static void add(ContainerDetails details, double now, Numbers numbers) {
        numbers.set(ContainerValue.LAST_SEEN, now);
        numbers.set(ContainerValue.HEALTH_STATE, health(details.health()));
        numbers.set(
                ContainerValue.CREATION_TIME,
                (double) details.container().created().getEpochSecond());
        numbers.set(ContainerValue.START_TIME, (double) details.started().getEpochSecond());
    }

    private static double health(String state) {
        return switch (state) {
            case "healthy" -> 1;
            case "none" -> -1;
            default -> 0;
        };
    }

    /** What cAdvisor has a 0 for, since it would take a kernel's interface that it has off. */
    static void addUntold(Numbers numbers) {
        numbers.set(ContainerValue.LOAD_AVERAGE, 0);
        numbers.set(ContainerValue.LOAD_D_AVERAGE, 0);
        numbers.set(ContainerValue.TASKS_SLEEPING, 0);
        numbers.set(ContainerValue.TASKS_RUNNING, 0);
        numbers.set(ContainerValue.TASKS_STOPPED, 0);
        numbers.set(ContainerValue.TASKS_UNINTERRUPTIBLE, 0);
        numbers.set(ContainerValue.TASKS_IOWAITING, 0);
    }
}
