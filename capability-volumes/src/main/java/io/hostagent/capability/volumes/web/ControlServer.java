// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.PlainServer;
import io.hostagent.core.web.RequestPath;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The calls of volumes on a socket that only root can open, which is all that guards it: for the
 * command line on this host, also while there is no cluster, no token and no certificate.
 */
public final class ControlServer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

    private static final Caller ROOT = new Caller("local root", Scope.ADMIN);

    /** Commands that run at the same time, with those that follow events. */
    private static final int MOST_CONNECTIONS = 200;

    /** As the gate has it: the client left before an answer. */
    private static final int CLIENT_GONE = 499;

    private final Path socket;
    private final VolumeApi api;
    private final AuditLog audit;
    private final Supplier<LoopResources> loops;
    private @Nullable DisposableServer bound;
    private @Nullable String problem;
    private boolean running;

    /**
     * Prepares the socket; it is not opened yet.
     *
     * @param socket its path; the folder that it is in is made when it is missing
     */
    public ControlServer(
            Path socket, VolumeApi api, AuditLog audit, Supplier<LoopResources> loops) {
        this.socket = socket;
        this.api = api;
        this.audit = audit;
        this.loops = loops;
    }

    @Override
    public synchronized void start() {
        running = true;
        try {
            Path folder = Files.createDirectories(socket.toAbsolutePath().getParent());
            Path hidden =
                    Files.createTempDirectory(
                            folder,
                            ".control",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
            Path young = hidden.resolve("s");
            server().bindAddress(() -> new DomainSocketAddress(young.toFile()))
                    .runOn(loops.get())
                    .bind()
                    .subscribe(server -> opened(server, young), this::failed);
        } catch (IOException e) {
            failed(e);
        }
    }

    private HttpServer server() {
        return PlainServer.of(audit, MOST_CONNECTIONS, this::answer)
                // These are of TCP.
                .childOption(ChannelOption.SO_KEEPALIVE, null)
                .childOption(EpollChannelOption.TCP_KEEPIDLE, null)
                .childOption(EpollChannelOption.TCP_KEEPINTVL, null)
                .childOption(EpollChannelOption.TCP_KEEPCNT, null);
    }

    /**
     * The socket is made where nobody else gets at it, and goes to its place when it has its mode:
     * there is no moment at which another user could open it. An old one is replaced.
     */
    private synchronized void opened(DisposableServer server, Path young) {
        try {
            Files.setPosixFilePermissions(young, PosixFilePermissions.fromString("rw-------"));
            Files.move(
                    young,
                    socket,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(young.getParent());
        } catch (IOException e) {
            server.dispose();
            failed(e);
            return;
        }
        if (!running) {
            close(server);
            return;
        }
        bound = server;
        problem = null;
        log.info("Commands of volumes are taken on {}", socket);
    }

    private synchronized void failed(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        problem = String.valueOf(deepest);
        log.warn("{} cannot be listened on", socket, failure);
    }

    private Mono<Void> answer(
            RequestPath path, HttpServerRequest request, HttpServerResponse response) {
        Exchange exchange = new Exchange(request, response, ROOT, path, file -> {}, () -> {});
        Mono<Void> answer = Mono.defer(() -> api.answer(exchange));
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        return reads ? answer : audited(answer, request, response);
    }

    private Mono<Void> audited(
            Mono<Void> answer, HttpServerRequest request, HttpServerResponse response) {
        AuditLog.Call call = new AuditLog.Call(null, request.method().name(), request.uri());
        return answer.doOnSuccess(done -> changed(call, response.status().code()))
                .doOnError(failure -> changed(call, status(failure)))
                .doOnCancel(() -> changed(call, CLIENT_GONE));
    }

    private void changed(AuditLog.Call call, int status) {
        audit.changed(call, ROOT, null, status);
    }

    private static int status(Throwable failure) {
        return failure instanceof AgentException known ? known.status() : 500;
    }

    /** Why the socket is not open; empty when it is, or is about to be. */
    public synchronized Optional<Absence> missing() {
        return Optional.ofNullable(problem)
                .map(
                        why ->
                                new Absence(
                                        socket + " cannot be listened on: " + why,
                                        "make its folder writable for the agent"));
    }

    @Override
    public synchronized void stop() {
        running = false;
        DisposableServer server = bound;
        bound = null;
        if (server != null) {
            close(server);
        }
    }

    private void close(DisposableServer server) {
        server.dispose();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            log.debug("{} stays", socket, e);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }
}
