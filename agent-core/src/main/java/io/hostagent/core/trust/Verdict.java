// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

/** What the agent makes of a caller. */
public sealed interface Verdict {

    /** Let in. */
    record Granted(Caller caller) implements Verdict {}

    /**
     * Turned away.
     *
     * @param status HTTP status of the answer
     * @param message what went wrong; a Portainer server compares it by its text
     * @param details more about it, beginning with a capital letter
     */
    record Refused(int status, String message, String details) implements Verdict {}
}
