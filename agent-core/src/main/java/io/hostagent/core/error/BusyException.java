// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

/** 503: the agent has as much of this to do as it takes on at once. */
public final class BusyException extends AgentException {

    public BusyException(String message, String details) {
        super(503, message, details, null);
    }
}
