// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.ApiError;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.trust.Authenticator;
import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.CallerHeader;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.trust.Verdict;
import io.hostagent.core.web.Doors.Door;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The one door for every request, whether Spring answers it or the engine. In this order: the path
 * is taken apart, the caller is known, the caller may, and the request goes on its way. Nothing
 * behind it has to ask again, and nothing behind it is reachable in another way.
 */
public final class Gate {

    private static final Logger log = LoggerFactory.getLogger(Gate.class);

    /** In the audit log: the client left before an answer, so nobody knows what was changed. */
    private static final int CLIENT_GONE = 499;

    private static final Caller STRANGER = new Caller("stranger", Scope.METRICS);

    private final Doors doors;
    private final Authenticator authenticator;
    private final AuditLog audit;
    private final boolean readOnly;
    private final ResponseStamp stamp;
    private final OwnRoutes ownRoutes;
    private final List<StreamRoute> streamRoutes;
    private final Optional<CatchAll> catchAll;
    private final AgentMeters meters;

    Gate(
            Doors doors,
            Authenticator authenticator,
            AuditLog audit,
            boolean readOnly,
            ResponseStamp stamp,
            OwnRoutes ownRoutes,
            List<StreamRoute> streamRoutes,
            Optional<CatchAll> catchAll,
            AgentMeters meters) {
        this.doors = doors;
        this.authenticator = authenticator;
        this.audit = audit;
        this.readOnly = readOnly;
        this.stamp = stamp;
        this.ownRoutes = ownRoutes;
        this.streamRoutes = List.copyOf(streamRoutes);
        this.catchAll = catchAll;
        this.meters = meters;
    }

    /** Answers one request, on its event loop. */
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        stamp.apply(response.responseHeaders());
        Attempt attempt = new Attempt(request, response);
        response.withConnection(connection -> attempt.on(connection.channel()));
        Mono<Void> answer;
        try {
            answer = attempt.run();
        } catch (AgentException e) {
            answer = Mono.error(e);
        }
        return meters.request(answer.onErrorResume(attempt::fail), () -> response.status().code());
    }

    /** One request on its way through the gate. */
    private final class Attempt {

        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private @Nullable String agent;
        private @Nullable EventLoop loop;
        private Caller caller = STRANGER;
        private @Nullable String subject;
        private boolean denied;

        Attempt(HttpServerRequest request, HttpServerResponse response) {
            this.request = request;
            this.response = response;
        }

        void on(Channel channel) {
            UnreadBodyLimit.install(channel);
            agent = AgentPeer.of(channel);
            loop = channel.eventLoop();
        }

        Mono<Void> run() {
            RequestPath path = RequestPath.parse(request.uri());
            Door door = doors.find(path);
            if (door instanceof Door.Own(Access access) && access == Access.PUBLIC) {
                return ownRoutes.handle(exchange(path));
            }
            switch (verdict()) {
                case Verdict.Refused refused -> {
                    audit.refused(call(), refused);
                    return write(
                            refused.status(), new ApiError(refused.message(), refused.details()));
                }
                case Verdict.Granted granted -> caller = granted.caller();
            }
            Intent intent = Intent.of(request.method(), request.requestHeaders(), path);
            @Nullable String objection = objection(door, intent);
            if (objection != null) {
                return deny(403, new ApiError("Forbidden", objection));
            }
            Mono<Void> answer = dispatch(door, exchange(path));
            return intent == Intent.CHANGE ? audited(answer) : answer;
        }

        /**
         * Among agents the connection says who calls; anywhere else the request has to prove it.
         */
        private Verdict verdict() {
            HttpHeaders headers = request.requestHeaders();
            return agent == null
                    ? authenticator.authenticate(headers::get)
                    : CallerHeader.judge(agent, headers.getAll(CallerHeader.NAME));
        }

        private Exchange exchange(RequestPath path) {
            return new Exchange(
                    request,
                    response,
                    caller,
                    path,
                    this::about,
                    () -> audit.changed(call(), caller, null, 101));
        }

        private void about(String file) {
            subject = file;
            if (Intent.of(
                            request.method(),
                            request.requestHeaders(),
                            RequestPath.parse(request.uri()))
                    != Intent.CHANGE) {
                audit.read(call(), caller, file);
            }
        }

        private @Nullable String objection(Door door, Intent intent) {
            boolean reads = intent != Intent.CHANGE;
            if (!reads && readOnly) {
                return "The agent is read-only (AGENT_READ_ONLY): only GET, HEAD and OPTIONS pass";
            }
            if (caller.scope() == Scope.ADMIN) {
                return null;
            }
            if (door instanceof Door.Own(Access access) && access == Access.METRICS && reads) {
                return null;
            }
            if (caller.scope() == Scope.METRICS) {
                return "The token's scope 'metrics' covers metrics only";
            }
            if (intent != Intent.READ
                    || (door instanceof Door.Own(Access access) && access == Access.ADMIN)) {
                return "The token's scope 'read' does not cover this request: it needs 'admin'";
            }
            return null;
        }

        private Mono<Void> dispatch(Door door, Exchange exchange) {
            return switch (door) {
                case Door.Own own -> own(exchange);
                case Door.Closed closed -> Mono.error(closed.error());
                case Door.Engine engine ->
                        catchAll.map(all -> all.handle(exchange))
                                .orElseGet(() -> Mono.error(noProxy()));
            };
        }

        private Mono<Void> own(Exchange exchange) {
            for (StreamRoute route : streamRoutes) {
                if (route.covers(exchange.path())) {
                    return route.handle(exchange, () -> ownRoutes.handle(exchange));
                }
            }
            return ownRoutes.handle(exchange);
        }

        private CallerException noProxy() {
            return CallerException.notFound(
                    "The capability 'proxy' is off", "Set CAP_PROXY=1 to turn it on");
        }

        private Mono<Void> audited(Mono<Void> answer) {
            return answer.onErrorResume(this::fail).doFinally(this::changed);
        }

        private void changed(SignalType end) {
            if (denied) {
                return;
            }
            boolean gone = end == SignalType.CANCEL && !response.hasSentHeaders();
            audit.changed(call(), caller, subject, gone ? CLIENT_GONE : response.status().code());
        }

        private Mono<Void> deny(int status, ApiError error) {
            denied = true;
            audit.denied(call(), caller, status, error.message() + ": " + error.details());
            return write(status, error);
        }

        private AuditLog.Call call() {
            return new AuditLog.Call(
                    request.remoteAddress(), request.method().name(), request.uri());
        }

        Mono<Void> fail(Throwable cause) {
            if (response.hasSentHeaders()) {
                return Mono.error(cause);
            }
            if (cause instanceof CallerException refused) {
                return deny(refused.status(), refused.error());
            }
            if (cause instanceof AgentException known) {
                return write(known.status(), known.error());
            }
            log.error("{} {} failed", request.method(), request.path(), cause);
            return write(500, new ApiError("Internal error", "See the agent's log"));
        }

        private Mono<Void> write(int status, ApiError error) {
            EventLoop own = loop;
            return own == null
                    ? writeNow(status, error)
                    : ConnectionLoop.write(own, () -> writeNow(status, error));
        }

        private Mono<Void> writeNow(int status, ApiError error) {
            return ErrorResponse.send(status, error, request, response);
        }
    }
}
