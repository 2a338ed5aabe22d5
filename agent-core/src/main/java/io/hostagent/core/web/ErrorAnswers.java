// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Gives the errors of the agent's own routes the same form as all others. */
final class ErrorAnswers implements WebExceptionHandler, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ErrorAnswers.class);

    @Override
    public int getOrder() {
        // Before Boot's own handler, whose page has another form.
        return -2;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable cause) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(cause);
        }
        return switch (cause) {
            case AgentException known -> write(exchange, known.status(), known.error());
            case ResponseStatusException status -> write(exchange, status);
            default -> {
                log.error("{} failed", exchange.getLogPrefix(), cause);
                yield write(exchange, 500, new ApiError("Internal error", "See the agent's log"));
            }
        };
    }

    private static Mono<Void> write(ServerWebExchange exchange, ResponseStatusException status) {
        HttpStatusCode code = status.getStatusCode();
        exchange.getResponse().getHeaders().putAll(status.getHeaders());
        ApiError error =
                switch (code.value()) {
                    case 404 ->
                            new ApiError(
                                    "404 page not found",
                                    "The agent has no such path; /v2/capabilities lists what is"
                                            + " on");
                    case 405 ->
                            new ApiError(
                                    "Method not allowed",
                                    exchange.getRequest().getMethod()
                                            + " is none of the methods of this path");
                    default ->
                            new ApiError(
                                    "The request cannot be answered",
                                    status.getReason() == null
                                            ? code.toString()
                                            : status.getReason());
                };
        return write(exchange, code.value(), error);
    }

    private static Mono<Void> write(ServerWebExchange exchange, int status, ApiError error) {
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        DataBuffer body = response.bufferFactory().wrap(error.json());
        return response.writeWith(Mono.just(body));
    }
}
