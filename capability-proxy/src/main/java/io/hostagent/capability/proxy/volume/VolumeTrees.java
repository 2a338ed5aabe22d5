// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.proxy.docker.AllowList;
import io.hostagent.capability.proxy.docker.Routing;
import io.hostagent.capability.proxy.docker.Routing.Destination.There;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.EngineException;
import io.hostagent.core.error.FileException;
import io.hostagent.core.files.FileTree;
import io.hostagent.core.files.FileTrees;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamFailedException;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamRequest;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.hostagent.core.web.Exchange;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The files of volumes. Where they are is asked of the engine ({@code GET /volumes/NAME}), so it
 * makes no difference which driver a volume has or where the engine keeps its data; where that is
 * in the agent's container is told by its mounts.
 */
public final class VolumeTrees implements FileTrees {

    private static final String UNREACHABLE = "Unable to reach the volume's files";

    private final Upstream engine;
    private final AllowList allowed;
    private final Routing routing;
    private final DiskThreads disk;
    private final Optional<String> container;
    private volatile @Nullable OwnMounts mounts;

    /**
     * Prepares to find volumes.
     *
     * @param container the ID of the agent's own; empty when it runs on the host itself
     */
    public VolumeTrees(
            Upstream engine,
            AllowList allowed,
            Routing routing,
            DiskThreads disk,
            Optional<String> container) {
        this.engine = engine;
        this.allowed = allowed;
        this.routing = routing;
        this.disk = disk;
        this.container = container;
    }

    @Override
    public boolean ofVolumes() {
        return true;
    }

    @Override
    public DiskThreads threads() {
        return disk;
    }

    @Override
    public Mono<Place> find(Exchange exchange, String volume) {
        requireAllowed(exchange);
        String path = "/volumes/" + URLEncoder.encode(volume, UTF_8).replace("+", "%20");
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        return routing.of(exchange, path, "")
                .flatMap(
                        destination ->
                                destination instanceof There(Member member)
                                        ? Mono.just(new Place.There(member))
                                        : here(path, volume, loop));
    }

    /** What is not allowed of the Docker API is not to be had by another name. */
    private void requireAllowed(Exchange exchange) {
        String method = exchange.request().method().name();
        String path = exchange.path().path();
        String call = path.startsWith("/v2/") ? path : "/v2" + path;
        if (!allowed.allows(method, call)) {
            throw CallerException.forbidden(
                    "The call is not allowed",
                    "PROXY_ALLOW has no rule for " + method + " " + call);
        }
    }

    private Mono<Place> here(String path, String volume, EventLoop loop) {
        return ask(path, loop)
                .map(
                        reply ->
                                switch (reply.status()) {
                                    case 200 -> Volume.read(reply.body());
                                    case 404 ->
                                            throw CallerException.notFound(
                                                    "Invalid volume",
                                                    "There is no volume '" + volume + "'");
                                    default ->
                                            throw EngineException.failed(
                                                    new IllegalStateException(
                                                            "it answered " + reply.status()));
                                })
                .zipWith(ownMounts(loop))
                .flatMap(both -> disk.call(() -> tree(both.getT1(), both.getT2())))
                .map(Place.Here::new);
    }

    private Mono<UpstreamReply.Whole> ask(String path, EventLoop loop) {
        return UpstreamRequest.get(
                        engine,
                        loop,
                        path,
                        new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker"))
                .onErrorMap(UpstreamUnreachableException.class, EngineException::unreachable)
                .onErrorMap(UpstreamFailedException.class, EngineException::failed);
    }

    /** Mounts of a container stay what they are while it runs. */
    private Mono<OwnMounts> ownMounts(EventLoop loop) {
        OwnMounts found = mounts;
        if (found != null) {
            return Mono.just(found);
        }
        if (container.isEmpty()) {
            return Mono.just(OwnMounts.NONE);
        }
        return ask("/containers/" + container.get() + "/json", loop)
                .map(
                        reply ->
                                reply.status() == 200
                                        ? OwnMounts.read(JsonTree.read(reply.body()))
                                        : OwnMounts.NONE)
                .doOnNext(read -> mounts = read);
    }

    private static FileTree tree(Volume volume, OwnMounts mounts) throws IOException {
        if (volume.mountpoint().isEmpty()) {
            throw unreachable(
                    "Its driver '"
                            + volume.driver()
                            + "' says not where it is: volumes of such drivers have a place only"
                            + " while a container uses them");
        }
        Path folder =
                mounts.inside(volume.mountpoint())
                        .orElseThrow(
                                () ->
                                        unreachable(
                                                "The agent does not see "
                                                        + volume.mountpoint()
                                                        + ": start it with -v "
                                                        + volume.folder()
                                                        + ":"
                                                        + volume.folder()));
        if (volume.mountedOnUse() && !Jail.isMountPoint(folder)) {
            throw unreachable(
                    "It is mounted only while a container uses it, and the agent sees that only"
                            + " when "
                            + volume.folder()
                            + " is mounted with the option rslave");
        }
        return FileTree.volume(folder);
    }

    private static FileException unreachable(String details) {
        return FileException.failed(UNREACHABLE, new IOException(details));
    }
}
