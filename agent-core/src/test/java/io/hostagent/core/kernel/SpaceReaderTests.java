// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.host.Mount;
import io.hostagent.core.kernel.SpaceReader.Answer;
import io.hostagent.core.kernel.SpaceReader.Refused;
import io.hostagent.core.kernel.SpaceReader.Room;
import io.hostagent.core.kernel.SpaceReader.Silent;
import io.hostagent.core.kernel.SpaceReader.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpaceReaderTests {

    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final FileSystemSpace SPACE = new FileSystemSpace(5, 4, 3, 2, 1);

    private static final Target DISK = target("8:1", "/disk", "ext4");
    private static final Target SERVER = target("0:50", "/server", "nfs4");
    private static final Target DEAD = target("0:51", "/dead", "nfs4");
    private static final Target DENIED = target("8:2", "/denied", "xfs");

    private final CountDownLatch back = new CountDownLatch(1);
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final SpaceReader spaces = new SpaceReader(this::call);

    @AfterEach
    void bringTheServerBack() {
        back.countDown();
    }

    /** What the kernel does: a call to a dead server cannot be interrupted. */
    private FileSystemSpace call(String path) throws IOException {
        calls.add(path);
        if (path.equals("/denied")) {
            throw new IOException("permission denied");
        }
        if (path.equals("/dead")) {
            boolean dead = true;
            while (dead) {
                try {
                    back.await();
                    dead = false;
                } catch (InterruptedException e) {
                    // Not to be interrupted.
                }
            }
        }
        return SPACE;
    }

    @Test
    void answersForAllInTheirOrder() {
        assertThat(spaces.ask(List.of(SERVER, DISK, DENIED), SOON))
                .containsExactly(
                        new Room(SPACE), new Room(SPACE), new Refused("permission denied"));
    }

    @Test
    void waitsForTheDeadNoLongerThanItsLimitAndHasTheOthers() {
        long start = System.nanoTime();
        List<Answer> answers = spaces.ask(List.of(DISK, DEAD, SERVER), LIMIT);
        Duration taken = Duration.ofNanos(System.nanoTime() - start);

        assertThat(answers).containsExactly(new Room(SPACE), new Silent(), new Room(SPACE));
        assertThat(taken).isBetween(LIMIT, LIMIT.plusSeconds(2));
    }

    /** Else every question would leave another thread behind. */
    @Test
    void doesNotAskTheDeadAgainBeforeTheyAreBack() {
        List<Target> both = List.of(DEAD, DISK);
        assertThat(spaces.ask(both, LIMIT)).containsExactly(new Silent(), new Room(SPACE));
        assertThat(spaces.ask(both, LIMIT)).containsExactly(new Silent(), new Room(SPACE));
        assertThat(calls.stream().filter("/dead"::equals)).hasSize(1);

        back.countDown();
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(spaces.ask(both, LIMIT))
                                        .containsExactly(new Room(SPACE), new Room(SPACE)));
    }

    @Test
    void leavesNoThreadBehindWhenAllHaveAnswered() {
        spaces.ask(List.of(DISK, SERVER), LIMIT);

        await().atMost(SOON)
                .until(
                        () ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .noneMatch(
                                                thread ->
                                                        thread.getName().equals("agent-statvfs")));
    }

    /** Else the one that is stuck would take the answer for the other along. */
    @Test
    void asksOneThatIsMountedTwiceForEachOfThem() {
        Target again = target("0:50", "/again", "nfs4");

        assertThat(spaces.ask(List.of(SERVER, again), SOON))
                .containsExactly(new Room(SPACE), new Room(SPACE));
        assertThat(calls).containsExactly("/server", "/again");
    }

    @Test
    void expectsAllToHangThatAreNotKnownForTheOpposite() {
        assertThat(target("0:1", "/mnt", "ext4").isLocal()).isTrue();
        for (String type : List.of("nfs", "nfs4", "cifs", "fuse.sshfs", "9p", "ceph", "news")) {
            assertThat(target("0:1", "/mnt", type).isLocal()).as(type).isFalse();
        }
    }

    private static Target target(String device, String point, String type) {
        return new Target(new Mount(device, "/", point, false, type, "source"), point);
    }
}
