// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says with which variables the agent's port is chosen, before Spring Boot says it of its own. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ListenFailureAnalyzer extends AbstractFailureAnalyzer<WebServerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WebServerException cause) {
        if (cause instanceof PortInUseException used) {
            int port = used.getPort();
            return new FailureAnalysis(
                    "The agent cannot start: port %d (AGENT_PORT) is in use".formatted(port),
                    "Stop what listens there ('ss -ltnp sport = :%d' shows it), or set AGENT_PORT to a free port"
                            .formatted(port),
                    rootFailure);
        }
        return new FailureAnalysis(
                "The agent cannot start: it cannot listen: " + deepest(cause).getMessage(),
                "Set AGENT_HOST to an address of this host and AGENT_PORT to a port that this user may open",
                rootFailure);
    }

    private static Throwable deepest(Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest;
    }
}
