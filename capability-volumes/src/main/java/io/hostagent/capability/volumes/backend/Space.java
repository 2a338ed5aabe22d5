// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.io.IOException;

/** Tells a full pool from other failures. */
final class Space {

    private Space() {}

    /** What makes something in a pool, or takes it away. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /**
     * Makes something that is taken away again when it cannot be made whole.
     *
     * @param undo takes away what is half made; it may be made again later
     */
    static void make(Step step, Step undo) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            IOException failure =
                    NoSpaceException.isToldBy(e) ? new NoSpaceException("the pool is full", e) : e;
            try {
                undo.run();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }
}
