// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The engine is away or failed: nothing that the caller could have done better. */
public final class EngineException extends AgentException {

    private EngineException(int status, String message, String details, @Nullable Throwable cause) {
        super(status, message, details, cause);
    }

    /** 503: no connection to the engine; trying again later makes sense. */
    public static EngineException unreachable(@Nullable Throwable cause) {
        return new EngineException(
                503,
                "Unable to reach the Docker engine",
                text(cause) + ". " + remedy(cause),
                cause);
    }

    private static String remedy(@Nullable Throwable cause) {
        Throwable reason = cause == null ? null : cause.getCause();
        if (reason instanceof SSLException) {
            return "Compare the engine's certificate with DOCKER_HOST and the files in DOCKER_CERT_PATH";
        }
        return text(reason).contains("Permission denied")
                ? "Run the agent as root, or as a member of the group that its socket belongs to"
                : "Start the engine, or mount its socket where DOCKER_HOST says";
    }

    /** 502: the engine answered with something that is no answer. */
    public static EngineException failed(@Nullable Throwable cause) {
        return new EngineException(502, "The Docker engine failed to answer", text(cause), cause);
    }

    /** The engine said no to a call of the agent's own. */
    public static EngineException refused(int status, String message) {
        return new EngineException(status, message, "The Docker engine refused", null);
    }

    private static String text(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        if (message == null || message.isEmpty()) {
            return "No reason known";
        }
        return Character.toUpperCase(message.charAt(0)) + message.substring(1);
    }
}
