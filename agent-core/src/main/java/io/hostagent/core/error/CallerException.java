// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

/** The caller asked for what cannot be, or what it may not have: a 4xx. */
public final class CallerException extends AgentException {

    public CallerException(int status, String message, String details) {
        super(status, message, details, null);
    }

    /** 400: the request itself is wrong. */
    public static CallerException badRequest(String message, String details) {
        return new CallerException(400, message, details);
    }

    /** 403: the request is understood and refused. */
    public static CallerException forbidden(String message, String details) {
        return new CallerException(403, message, details);
    }

    /** 404: there is no such thing here. */
    public static CallerException notFound(String message, String details) {
        return new CallerException(404, message, details);
    }
}
