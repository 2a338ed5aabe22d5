// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.BusyVolumeException;
import io.hostagent.capability.volumes.backend.NoSpaceException;
import io.hostagent.capability.volumes.backend.RefusedException;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.FileException;
import java.io.IOException;

/** What a caller hears when the host's disks do not do what they should. */
final class StorageFailure {

    private StorageFailure() {}

    /**
     * The answer for a failure.
     *
     * @param what failed, such as {@code Unable to mount volume web}
     */
    static AgentException of(String what, IOException cause) {
        return switch (cause) {
            case NoSpaceException full -> FileException.full(what, full);
            case BusyVolumeException busy ->
                    new CallerException(409, what, String.valueOf(busy.getMessage()));
            case RefusedException refused ->
                    new CallerException(409, what, String.valueOf(refused.getMessage()));
            default -> FileException.failed(what, cause);
        };
    }

    /** Something that a disk may refuse. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /** Something that a disk may refuse. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    /** Does something; what fails is the answer. */
    static void run(String what, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw of(what, e);
        }
    }

    /** Finds something out; what fails is the answer. */
    static <T> T ask(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (IOException e) {
            throw of(what, e);
        }
    }
}
