// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.Move;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.BusyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Answers the calls of an engine. What an engine asks often, and while it starts, is answered from
 * memory and at once. The rest runs on threads that may wait, and goes on when nobody waits for it
 * any more: an engine that gave up may have been told half of it.
 */
final class PluginCalls {

    private static final Logger log = LoggerFactory.getLogger(PluginCalls.class);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** A mount may wait for minutes, so that others have threads of their own. */
    private static final int MOUNTS = 256;

    private static final int OTHERS = 64;

    /** An engine has no limit of its own for this. */
    private static final Duration ACTIVATION = Duration.ofSeconds(5);

    private final Volumes volumes;
    private final BooleanSupplier known;
    private final Runnable activated;
    private final PluginLimits limits;
    private final Executor threads = new DiskThreads("agent-volumes-", OTHERS);
    private final Executor activations = new DiskThreads("agent-volumes-activation-", 1);
    private final PendingMounts mounting;

    PluginCalls(Volumes volumes, BooleanSupplier known, Runnable activated, PluginLimits limits) {
        this.volumes = volumes;
        this.known = known;
        this.activated = activated;
        this.limits = limits;
        this.mounting = new PendingMounts(volumes, new DiskThreads("agent-volumes-mount-", MOUNTS));
    }

    /** A call that changes something, and may wait. */
    @FunctionalInterface
    private interface Change {
        void make();
    }

    /**
     * Answers a call. It never errors.
     *
     * @return the answer; empty when there must be none, and the connection has to be closed
     */
    Mono<byte[]> answer(PluginCall call, PluginBody body) {
        return Mono.defer(() -> dispatch(call, body))
                .onErrorResume(failure -> Mono.just(failed(call, failure)));
    }

    private Mono<byte[]> dispatch(PluginCall call, PluginBody body) {
        return switch (call) {
            case ACTIVATE -> activate();
            case CAPABILITIES -> Mono.just(PluginAnswer.CAPABILITIES);
            case LIST -> Mono.just(list());
            case GET -> get(PluginRequest.of(body.bytes()).name());
            case PATH -> Mono.just(path(PluginRequest.of(body.bytes()).name()));
            case CREATE -> create(PluginRequest.of(body.bytes()));
            case REMOVE -> remove(PluginRequest.of(body.bytes()).volume());
            case MOUNT -> mount(PluginRequest.of(body.bytes()));
            case UNMOUNT -> unmount(PluginRequest.of(body.bytes()));
        };
    }

    /**
     * An engine mounts nothing before it has this answer, so what its coming means for the mounts
     * of another is done first. It must have the answer whatever happens: it starts no container
     * until then.
     */
    private Mono<byte[]> activate() {
        return Mono.fromFuture(start(activated::run, activations), true)
                .timeout(ACTIVATION)
                .onErrorResume(
                        failure -> {
                            log.error("What an activation begins is late or failed", failure);
                            return Mono.just(false);
                        })
                .map(done -> PluginAnswer.ACTIVATED);
    }

    private byte[] list() {
        return PluginAnswer.volumes(volumes.all().stream().filter(PluginCalls::isShown).toList());
    }

    /**
     * An engine that is told of no such volume forgets all it knew of it, and who uses it. So it is
     * told that only when it is certain, and otherwise waits, and then hears nothing at all.
     */
    private Mono<byte[]> get(String name) {
        return Mono.defer(() -> look(name))
                .repeatWhenEmpty(looks -> looks.delayElements(LOOK_AGAIN))
                .timeout(limits.unknown(), Mono.empty());
    }

    private Mono<byte[]> look(String name) {
        // Asked before the volume is looked for: all may become known in between.
        boolean certain = known.getAsBoolean();
        Optional<KnownVolume> found = find(name);
        if (found.isPresent()) {
            return Mono.just(PluginAnswer.volume(found.get()));
        }
        return certain ? Mono.just(noSuchVolume()) : Mono.empty();
    }

    private byte[] path(String name) {
        Optional<KnownVolume> found = find(name);
        if (found.isEmpty()) {
            return noSuchVolume();
        }
        return found.get()
                .mountpoint()
                .filter(Path::isAbsolute)
                .map(PluginAnswer::mountpoint)
                .orElseGet(() -> PluginAnswer.error("the volume is not mounted on this host"));
    }

    private Mono<byte[]> create(PluginRequest request) {
        VolumeName name = request.volume();
        return change(
                () -> volumes.create(name, request.options()),
                limits.longCall(),
                name + " is still being created");
    }

    private Mono<byte[]> remove(VolumeName name) {
        return change(
                () -> volumes.remove(name, Optional.empty(), OptionalLong.empty()),
                limits.shortCall(),
                name + " is still being removed");
    }

    private Mono<byte[]> unmount(PluginRequest request) {
        VolumeName name = request.volume();
        return change(
                () -> volumes.unmount(name, request.id()),
                limits.shortCall(),
                name + " is still being unmounted");
    }

    private Mono<byte[]> mount(PluginRequest request) {
        VolumeName name = request.volume();
        PendingMounts.Going going = mounting.mount(name, request.id());
        return Mono.fromFuture(going.end(), true)
                .doOnCancel(() -> mounting.leave(going))
                .map(point -> mounted(name, point))
                .timeout(
                        limits.longCall(),
                        Mono.fromSupplier(() -> PluginAnswer.error(stillMounting(name))));
    }

    /** An empty path would give the container a folder of the engine's own. */
    private static byte[] mounted(VolumeName name, Path point) {
        if (!point.isAbsolute()) {
            throw new IllegalStateException(name + " was mounted at '" + point + "'");
        }
        return PluginAnswer.mountpoint(point);
    }

    private String stillMounting(VolumeName name) {
        String doing =
                find(name.value())
                        .map(volume -> volume.record().move())
                        .map(PluginCalls::moving)
                        .orElse("it has taken " + limits.longCall().toSeconds() + " s so far");
        return name + " is still being mounted, " + doing + ", and that goes on; retry";
    }

    private static String moving(Move move) {
        return "as it is being moved from " + move.from() + " to " + move.to();
    }

    private Mono<byte[]> change(Change change, Duration limit, String late) {
        return Mono.fromFuture(start(change, threads), true)
                .map(done -> PluginAnswer.DONE)
                .timeout(
                        limit,
                        Mono.fromSupplier(
                                () -> PluginAnswer.error(late + ", and that goes on; retry")));
    }

    private CompletableFuture<Boolean> start(Change change, Executor on) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        change.make();
                        return true;
                    },
                    on);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Optional<KnownVolume> find(String name) {
        return volumes.find(name).filter(PluginCalls::isShown);
    }

    private static boolean isShown(KnownVolume volume) {
        VolumeState state = volume.record().state();
        return state.isVisible() && state != VolumeState.DELETING;
    }

    private static byte[] noSuchVolume() {
        return PluginAnswer.error("no such volume");
    }

    private static byte[] failed(PluginCall call, Throwable failure) {
        if (failure instanceof AgentException told) {
            log.debug("{}: {}", call.path(), told.error());
            return PluginAnswer.error(told);
        }
        if (failure instanceof RejectedExecutionException) {
            return PluginAnswer.error(
                    new BusyException(
                            "The agent has too many calls of the engine to answer", "Retry"));
        }
        log.error("{} failed", call.path(), failure);
        return PluginAnswer.error("internal error, see the agent's log");
    }
}
