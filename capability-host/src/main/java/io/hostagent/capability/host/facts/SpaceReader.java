// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.host.Mount;
import io.hostagent.core.kernel.FileSystemSpace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks file systems for their room, and waits no longer than it is told to. A file system whose
 * server is gone keeps the thread that asks until the server is back, and cannot be interrupted: so
 * each that is not local is asked on a thread of its own, and not again while that one is stuck.
 * They are platform threads, as a virtual one would take its carrier with it.
 */
final class SpaceReader {

    /** What came of asking. */
    sealed interface Answer {}

    /** The room. */
    record Room(FileSystemSpace space) implements Answer {}

    /** The kernel refused. */
    record Refused(String why) implements Answer {}

    /** Nothing in time. */
    record Silent() implements Answer {}

    /**
     * A file system.
     *
     * @param path where it is seen from here
     */
    record Target(Mount mount, String path) {}

    /** The call that may hang. */
    interface Call {
        FileSystemSpace of(String path) throws IOException;
    }

    /** Calls that may be stuck at once; file systems beyond that are taken for silent. */
    private static final int MOST_STUCK = 128;

    /** Enough for one native call. */
    private static final long STACK_BYTES = 256 << 10;

    private final Call call;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    SpaceReader(Call call) {
        this.call = call;
    }

    /** An answer for each of them, after this limit at the latest. */
    List<Answer> ask(List<Target> targets, Duration limit) {
        List<Question> questions =
                targets.stream().map(target -> new Question(target, silentAfter(limit))).toList();
        List<Question> local = questions.stream().filter(Question::isLocal).toList();
        start(() -> local.forEach(this::settle));
        questions.stream()
                .filter(question -> !question.isLocal())
                .forEach(question -> start(() -> settle(question)));
        return questions.stream().map(question -> question.answer.join()).toList();
    }

    private static CompletableFuture<Answer> silentAfter(Duration limit) {
        return new CompletableFuture<Answer>()
                .completeOnTimeout(new Silent(), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void settle(Question question) {
        String device = question.target.mount().device();
        if (asked.size() >= MOST_STUCK || !asked.add(device)) {
            question.answer.complete(new Silent());
            return;
        }
        try {
            question.answer.complete(new Room(call.of(question.target.path())));
        } catch (IOException e) {
            question.answer.complete(new Refused(String.valueOf(e.getMessage())));
        } finally {
            asked.remove(device);
        }
    }

    private static void start(Runnable work) {
        Thread.ofPlatform().daemon().name("agent-statvfs").stackSize(STACK_BYTES).start(work);
    }

    private record Question(Target target, CompletableFuture<Answer> answer) {

        boolean isLocal() {
            return FileSystems.isLocal(target.mount());
        }
    }
}
