// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Asks file systems for their room, and waits no longer than it is told to. A file system whose
 * server is gone keeps the thread that asks until the server is back, and cannot be interrupted: so
 * each that is not local is asked on a thread of its own, and not again while that one is stuck.
 * They are platform threads, as a virtual one would take its carrier with it.
 */
public final class SpaceReader {

    /** What came of asking. */
    public sealed interface Answer {}

    /** The room. */
    public record Room(FileSystemSpace space) implements Answer {}

    /** The kernel refused. */
    public record Refused(String why) implements Answer {}

    /** Nothing in time. */
    public record Silent() implements Answer {}

    /**
     * A file system.
     *
     * @param path where it is seen from here
     */
    public record Target(Mount mount, String path) {

        /** Whether it answers at once, however ill the network is. */
        public boolean isLocal() {
            return LOCAL.contains(mount.type());
        }
    }

    /** The call that may hang. */
    public interface Call {
        /** Asks; see {@link FileSystemSpace#of}. */
        FileSystemSpace of(String path) throws IOException;
    }

    /** Types that answer without asking a server or a program. */
    private static final Set<String> LOCAL =
            Set.of(
                    "bcachefs",
                    "btrfs",
                    "erofs",
                    "exfat",
                    "ext2",
                    "ext3",
                    "ext4",
                    "f2fs",
                    "iso9660",
                    "jfs",
                    "msdos",
                    "ntfs3",
                    "overlay",
                    "ramfs",
                    "reiserfs",
                    "tmpfs",
                    "udf",
                    "vfat",
                    "xfs",
                    "zfs");

    /** Calls that may be stuck at once; file systems beyond that are taken for silent. */
    private static final int MOST_STUCK = 128;

    /** Enough for one native call. */
    private static final long STACK_BYTES = 256 << 10;

    private final Call call;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** Prepares to ask by this call, {@link FileSystemSpace#of}. */
    public SpaceReader(Call call) {
        this.call = call;
    }

    /** An answer for each of them, after this limit at the latest. */
    public List<Answer> ask(List<Target> targets, Duration limit) {
        List<Question> questions =
                targets.stream().map(target -> new Question(target, silentAfter(limit))).toList();
        List<Question> local = questions.stream().filter(Question::isLocal).toList();
        if (!local.isEmpty()) {
            start(() -> local.forEach(this::settle));
        }
        // One that is mounted twice is asked twice, but not twice at once.
        questions.stream()
                .filter(question -> !question.isLocal())
                .collect(Collectors.groupingBy(Question::device))
                .values()
                .forEach(group -> start(() -> group.forEach(this::settle)));
        return questions.stream().map(question -> question.answer.join()).toList();
    }

    private static CompletableFuture<Answer> silentAfter(Duration limit) {
        return new CompletableFuture<Answer>()
                .completeOnTimeout(new Silent(), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void settle(Question question) {
        String device = question.device();
        if (asked.size() >= MOST_STUCK || !asked.add(device)) {
            question.answer.complete(new Silent());
            return;
        }
        Answer answer = new Silent();
        try {
            answer = answer(question.target.path());
        } finally {
            // First, so that whoever has the answer can ask again.
            asked.remove(device);
            question.answer.complete(answer);
        }
    }

    private Answer answer(String path) {
        try {
            return new Room(call.of(path));
        } catch (IOException e) {
            return new Refused(String.valueOf(e.getMessage()));
        }
    }

    private static void start(Runnable work) {
        Thread.ofPlatform().daemon().name("agent-statvfs").stackSize(STACK_BYTES).start(work);
    }

    private record Question(Target target, CompletableFuture<Answer> answer) {

        String device() {
            return target.mount().device();
        }

        boolean isLocal() {
            return target.isLocal();
        }
    }
}
