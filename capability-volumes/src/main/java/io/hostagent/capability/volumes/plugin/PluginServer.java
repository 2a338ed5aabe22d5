// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.web.ConnectionLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The Unix socket on which engines find this volume plugin. It has an event loop of its own, so
 * that an engine hears at once that the plugin is there, whatever else waits. It never closes a
 * connection by itself: an engine that meets the end of one repeats its call with an empty body.
 *
 * <p>When the socket cannot be had, the agent goes on without it and tries again.
 */
public final class PluginServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PluginServer.class);

    private static final String JSON = "application/vnd.docker.plugins.v1.2+json";

    /** Half a request may come, and no more of it. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final SocketFile file;
    private final PluginCalls calls;
    private final PluginLimits limits;
    private final LoopResources loops = LoopResources.create("agent-volumes-plugin", 1, true);
    private final DiskThreads threads = new DiskThreads("agent-volumes-socket-", 1);
    private final HttpServer server;
    private final Sinks.Empty<Void> opened = Sinks.empty();
    private @Nullable DisposableServer bound;
    private @Nullable String problem;
    private boolean opening;
    private boolean closed;

    /**
     * Prepares the socket; it is not opened yet.
     *
     * @param socket such as {@code /run/docker/plugins/NAME/NAME.sock}, in a folder of its own
     * @param known whether {@link Volumes#find} finds every volume that there is; until then no
     *     engine is told that there is none
     * @param activated is run when an engine meets this plugin for the first time since that engine
     *     was started, and has ended before that engine mounts anything; the engine waits for it,
     *     so that it must be quick and wait for nothing, and is not waited for beyond a few seconds
     */
    public PluginServer(
            Path socket,
            Volumes volumes,
            BooleanSupplier known,
            Runnable activated,
            PluginLimits limits) {
        this.file = new SocketFile(socket);
        this.calls = new PluginCalls(volumes, known, activated, limits);
        this.limits = limits;
        this.server =
                HttpServer.create()
                        .protocol(HttpProtocol.HTTP11)
                        .readTimeout(READ_TIMEOUT)
                        .runOn(loops)
                        .channelGroup(new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE))
                        .handle(this::handle);
    }

    /** Opens the socket, in a moment; not once it was closed. */
    public synchronized void start() {
        if (closed) {
            return;
        }
        opening = true;
        threads.call(file::prepare)
                .flatMap(path -> bind(path))
                .subscribe(this::opened, this::failed);
    }

    /** Ends when the socket is open for the first time. */
    public Mono<Void> opened() {
        return opened.asMono();
    }

    private Mono<DisposableServer> bind(Path path) {
        return server.bindAddress(() -> new DomainSocketAddress(path.toFile()))
                .bind()
                .cast(DisposableServer.class)
                .flatMap(
                        listening ->
                                threads.run(file::publish)
                                        .doOnError(failure -> listening.dispose())
                                        .thenReturn(listening));
    }

    private synchronized void opened(DisposableServer listening) {
        opening = false;
        if (closed) {
            listening.dispose();
            file.remove();
            end();
            return;
        }
        bound = listening;
        problem = null;
        log.info("Engines find the volume plugin at {}", file);
        opened.tryEmitEmpty();
    }

    private synchronized void failed(Throwable failure) {
        String why = String.valueOf(failure.getMessage());
        if (problem == null) {
            log.warn("{} cannot be listened on: {}", file, why);
        }
        problem = why;
        opening = false;
        if (closed) {
            end();
        } else {
            loops.onServer(true)
                    .next()
                    .schedule(this::start, limits.tryAgain().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Why engines do not find the plugin; empty when they do. It looks at the file. */
    public synchronized Optional<Absence> missing() {
        if (problem != null) {
            return Optional.of(
                    new Absence(
                            file + " cannot be listened on: " + problem,
                            "mount its folder from the host, and have one plugin of this name"));
        }
        if (bound == null) {
            return Optional.of(new Absence(file + " is not open yet", "wait a moment"));
        }
        return file.isInPlace()
                ? Optional.empty()
                : Optional.of(
                        new Absence(
                                file + " is not this agent's any more",
                                "see who removed or replaced it, and restart the agent"));
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
        response.withConnection(connection -> channel.set(connection.channel()));
        Channel client = channel.get();
        if (client == null) {
            return Mono.error(new IllegalStateException("A request without a connection"));
        }
        // All of the body is read first, whatever comes of it: the connection stays in use.
        return request.receive()
                .collect(PluginBody::new, PluginBody::add)
                .flatMap(body -> answer(request, body, response, client));
    }

    private Mono<Void> answer(
            HttpServerRequest request,
            PluginBody body,
            HttpServerResponse response,
            Channel client) {
        Optional<PluginCall> call = PluginCall.at(request.uri());
        if (call.isEmpty()) {
            return response.status(404).send();
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return response.status(405).header(HttpHeaderNames.ALLOW, "POST").send();
        }
        return calls.answer(call.get(), body)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(
                        answer ->
                                answer.isEmpty()
                                        ? hangUp(client)
                                        : ConnectionLoop.write(
                                                client.eventLoop(),
                                                () -> write(response, answer.get())));
    }

    private static Mono<Void> write(HttpServerResponse response, byte[] json) {
        return response.status(200)
                .header(HttpHeaderNames.CONTENT_TYPE, JSON)
                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(json.length))
                .sendObject(Unpooled.wrappedBuffer(json))
                .then();
    }

    /** The end of the connection is an answer, too, and the only one that makes nobody forget. */
    private static Mono<Void> hangUp(Channel client) {
        return Mono.<Void>never().doOnSubscribe(waiting -> client.close());
    }

    /** Lets the calls end that are being answered, for a while, and takes no more. */
    @Override
    public void close() {
        DisposableServer listening;
        boolean last;
        synchronized (this) {
            last = !opening;
            closed = true;
            listening = bound;
            bound = null;
        }
        if (listening != null) {
            try {
                listening.disposeNow(limits.stop());
            } catch (IllegalStateException e) {
                log.warn("Calls of an engine were cut off: {}", e.getMessage());
            }
            file.remove();
        }
        if (last) {
            end();
        }
    }

    /** Whoever still opens the socket does it last: it would start the threads anew. */
    private void end() {
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).subscribe();
        threads.close();
    }
}
