// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharingTests {

    private static final String KEY = "/containers/json";
    private static final Duration PATIENCE = Duration.ofMillis(75);
    private static final Duration APART = Duration.ofSeconds(5);

    private final AtomicLong now = new AtomicLong();
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<TestAsker.Call> calls = new ArrayList<>();
    private final Sharing<ByteBuf> sharing = new Sharing<>(PATIENCE, APART, now::get);

    SharingTests() {
        clock.freezeTime();
    }

    @AfterEach
    void leavesNoTimer() {
        assertThat(clock.hasPendingTasks()).isFalse();
    }

    @Test
    void aLoneAskerHasItsOwnCallAtOnce() {
        for (int i = 0; i < 3; i++) {
            TestAsker asker = join();

            assertThat(asker.isAlone()).isTrue();
            asker.endOwnCall();
            assertThat(sharing.keys()).isZero();
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void nobodyJoinsACallThatStartedEarlier() {
        TestAsker first = join();
        TestAsker second = join();
        TestAsker third = join();
        assertThat(second.isUntold()).isTrue();
        assertThat(calls).isEmpty();

        first.endOwnCall();
        assertThat(calls).hasSize(1);
        TestAsker fourth = join();
        TestAsker fifth = join();
        ByteBuf older = answer(0);

        assertThat(second.accepted).containsExactly(older);
        assertThat(third.accepted).containsExactly(older);
        assertThat(fourth.isUntold()).isTrue();
        assertThat(calls).hasSize(2);
        ByteBuf newer = answer(1);
        assertThat(fourth.accepted).containsExactly(newer);
        assertThat(fifth.accepted).containsExactly(newer);
        assertThat(sharing.keys()).isZero();
    }

    @Test
    void aGroupOfOneHasItsOwnCall() {
        TestAsker first = join();
        TestAsker second = join();

        first.endOwnCall();

        assertThat(second.isAlone()).isTrue();
        TestAsker third = join();
        assertThat(third.isUntold()).isTrue();
        second.endOwnCall();
        assertThat(third.isAlone()).isTrue();
        third.endOwnCall();
        assertThat(sharing.keys()).isZero();
        assertThat(calls).isEmpty();
    }

    @Test
    void anAnswerIsReleasedByEverybodyWhoGotIt() {
        TestAsker first = join();
        TestAsker second = join();
        TestAsker third = join();
        first.endOwnCall();

        ByteBuf answer = answer(0);

        assertThat(answer.refCnt()).isEqualTo(2);
        second.accepted.getFirst().release();
        third.accepted.getFirst().release();
        assertThat(answer.refCnt()).isZero();
    }

    @Test
    void aGroupWaitsOnlySoLongForACallThatHangs() {
        TestAsker hanging = join();
        TestAsker second = join();
        join();
        clock.advanceTimeBy(PATIENCE.toMillis() - 1, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
        assertThat(calls).isEmpty();

        clock.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();

        assertThat(calls).hasSize(1);
        // Those that come now wait for the younger call, whatever becomes of the older one.
        TestAsker fourth = join();
        hanging.endOwnCall();
        assertThat(fourth.isUntold()).isTrue();
        answer(0);
        assertThat(second.accepted).hasSize(1);
        assertThat(fourth.isAlone()).isTrue();
        fourth.endOwnCall();
        assertThat(sharing.keys()).isZero();
    }

    @Test
    void aCallThatEndsLateIsNobodysBusinessAnyMore() {
        TestAsker hanging = join();
        TestAsker second = join();
        clock.advanceTimeBy(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
        second.endOwnCall();
        assertThat(sharing.keys()).isZero();
        TestAsker another = join();
        TestAsker waiting = join();

        hanging.endOwnCall();
        hanging.endOwnCall();

        assertThat(waiting.isUntold()).isTrue();
        another.endOwnCall();
        assertThat(waiting.isAlone()).isTrue();
    }

    @Test
    void whoLeavesAGroupIsNotTold() {
        TestAsker first = join();
        TestAsker second = asker();
        Runnable leave = sharing.join(KEY, second);
        TestAsker third = join();
        TestAsker fourth = join();

        leave.run();
        leave.run();
        first.endOwnCall();
        answer(0);

        assertThat(second.isUntold()).isTrue();
        assertThat(third.accepted).hasSize(1);
        assertThat(fourth.accepted).hasSize(1);
    }

    @Test
    void aGroupThatAllHaveLeftMakesNoCall() {
        TestAsker first = join();
        Runnable second = sharing.join(KEY, asker());
        Runnable third = sharing.join(KEY, asker());

        second.run();
        third.run();
        first.endOwnCall();

        assertThat(calls).isEmpty();
        assertThat(sharing.keys()).isZero();
    }

    @Test
    void aCallThatNobodyWaitsForIsAborted() {
        TestAsker first = join();
        Runnable second = sharing.join(KEY, asker());
        Runnable third = sharing.join(KEY, asker());
        first.endOwnCall();
        TestAsker next = join();

        second.run();
        assertThat(calls.getFirst().aborted).isFalse();
        third.run();

        assertThat(calls.getFirst().aborted).isTrue();
        assertThat(next.isAlone()).isTrue();
        assertThat(answer(0).refCnt()).as("a late answer").isZero();
        next.endOwnCall();
        assertThat(sharing.keys()).isZero();
    }

    @Test
    void whatIsTooLargeIsGivenToEachAloneForAWhile() {
        TestAsker first = join();
        TestAsker second = join();
        TestAsker third = join();
        first.endOwnCall();
        TestAsker waiting = join();

        calls.getFirst().outcome.tooLarge();

        assertThat(List.of(second, third, waiting)).allMatch(TestAsker::isAlone);
        waiting.endOwnCall();
        assertThat(sharing.keys()).isZero();
        assertThat(List.of(join(), join(), join())).allMatch(TestAsker::isAlone);
        assertThat(sharing.keys()).isZero();

        now.addAndGet(APART.toNanos());
        TestAsker later = join();
        assertThat(join().isUntold()).isTrue();
        later.endOwnCall();
    }

    @Test
    void aFailureIsEverybodys() {
        TestAsker first = join();
        TestAsker second = join();
        TestAsker third = join();
        first.endOwnCall();
        RuntimeException cause = new IllegalStateException("no engine");

        calls.getFirst().outcome.failed(cause);

        assertThat(second.failure).isSameAs(cause);
        assertThat(third.failure).isSameAs(cause);
        assertThat(sharing.keys()).isZero();
        assertThat(join().isAlone()).isTrue();
    }

    @Test
    void otherKeysHaveNothingToDoWithIt() {
        join();
        TestAsker other = asker();

        sharing.join("/images/json", other);

        assertThat(other.isAlone()).isTrue();
        assertThat(sharing.keys()).isEqualTo(2);
    }

    private TestAsker asker() {
        return new TestAsker(clock, calls);
    }

    private TestAsker join() {
        TestAsker asker = asker();
        sharing.join(KEY, asker);
        return asker;
    }

    private ByteBuf answer(int call) {
        ByteBuf answer = Unpooled.buffer();
        calls.get(call).outcome.answered(answer);
        return answer;
    }
}
