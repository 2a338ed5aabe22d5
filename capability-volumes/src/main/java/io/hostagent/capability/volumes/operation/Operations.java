// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.operation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.capability.volumes.operation.Operation.Failure;
import io.hostagent.capability.volumes.tool.CopyWatch;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.ApiError;
import io.hostagent.core.error.BusyException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Does long work, a few pieces at once, whether the caller who asked for it stays or not, and
 * remembers for a while what came of it.
 */
public final class Operations implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Operations.class);

    /** Copying from more places at once makes no disk faster. */
    static final int AT_ONCE = 4;

    /** Those that go on, and those that wait for their turn. */
    static final int MOST = 64;

    private static final int MOST_REMEMBERED = 1_000;
    private static final Duration REMEMBERED = Duration.ofHours(1);

    /** A piece of long work. */
    @FunctionalInterface
    public interface Work {

        /**
         * Does it, on a thread that may block.
         *
         * @param progress takes words for people to read
         * @return what came of it, as JSON
         */
        Map<String, ? extends @Nullable Object> run(Consumer<String> progress) throws Exception;
    }

    private static final class Task {

        private final Sinks.One<Operation> end = Sinks.one();
        private final CopyWatch copies = new CopyWatch();
        private volatile Operation now;

        Task(Operation now) {
            this.now = now;
        }

        Operation show() {
            Operation shown = now;
            return shown.isOver() ? shown : copies.now().map(shown::having).orElse(shown);
        }
    }

    private final DiskThreads threads = new DiskThreads("agent-volume-work-", AT_ONCE);

    /** Others than those that work, which are all in use when somebody asks how far that is. */
    private final DiskThreads looks = new DiskThreads("agent-volume-progress-", 1);

    private final Map<String, Task> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Cache<String, Operation> over;
    private final Clock clock;

    public Operations(Clock clock) {
        this(clock, Ticker.systemTicker());
    }

    Operations(Clock clock, Ticker ticker) {
        this.clock = clock;
        over =
                Caffeine.newBuilder()
                        .maximumSize(MOST_REMEMBERED)
                        .expireAfterWrite(REMEMBERED)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
    }

    /**
     * Starts work.
     *
     * @param kind such as {@code snapshot}
     * @param volume that it is about; empty when it is about several
     * @throws BusyException when there is too much of it already
     */
    public Operation start(String kind, String volume, Work work) {
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            throw new BusyException(
                    "Too much is being done with volumes",
                    MOST + " operations go on or wait: ask again when some of them are over");
        }
        Operation begun =
                Operation.begun(UUID.randomUUID().toString(), kind, volume, clock.instant());
        Task task = new Task(begun);
        underWay.put(begun.id(), task);
        threads.execute(() -> run(task, work));
        return begun;
    }

    private void run(Task task, Work work) {
        Operation end;
        try {
            task.now = task.now.at("goes on");
            Map<String, ? extends @Nullable Object> result =
                    task.copies.during(() -> work.run(words -> task.now = task.now.at(words)));
            end = task.now.done(result, clock.instant());
        } catch (AgentException e) {
            end = task.now.failed(new Failure(e.status(), e.error()), clock.instant());
        } catch (Exception | Error e) {
            log.error("{} of the volume {} failed", task.now.kind(), task.now.volume(), e);
            ApiError error = new ApiError("Internal error", "See the agent's log");
            end = task.now.failed(new Failure(500, error), clock.instant());
        }
        task.now = end;
        over.put(end.id(), end);
        underWay.remove(end.id());
        count.decrementAndGet();
        task.end.tryEmitValue(end);
    }

    /** One of them, if it is remembered. It blocks: the kernel is asked how far a copy is. */
    public Optional<Operation> find(String id) {
        Task task = underWay.get(id);
        return task == null ? Optional.ofNullable(over.getIfPresent(id)) : Optional.of(task.show());
    }

    /** All that are remembered, the latest first. It blocks, as {@link #find} does. */
    public List<Operation> all() {
        return Stream.concat(
                        underWay.values().stream().map(Task::show), over.asMap().values().stream())
                .distinct()
                .sorted(Comparator.comparing(Operation::started).reversed())
                .toList();
    }

    /**
     * Waits for the end of one.
     *
     * @param limit when to stop waiting
     * @return as it is at its end, or then; empty when it is not remembered. It comes on any thread
     */
    public Mono<Operation> end(String id, Duration limit) {
        return Mono.defer(
                () -> {
                    Task task = underWay.get(id);
                    return task == null
                            ? Mono.justOrEmpty(over.getIfPresent(id))
                            : task.end.asMono().timeout(limit, looks.call(task::show));
                });
    }

    @Override
    public void close() {
        threads.close();
        looks.close();
    }
}
