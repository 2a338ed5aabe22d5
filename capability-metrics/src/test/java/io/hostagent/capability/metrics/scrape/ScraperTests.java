// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.metrics.fixture.TestSource;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScraperTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final EventLoop loop = new DefaultEventLoop();
    private final TestSource node = source("node", List.of("cpu", "meminfo"));
    private final TestSource agent = source("agent", List.of());
    private final Scraper scraper = new Scraper(List.of(node, agent));

    private static TestSource source(String name, List<String> collectors) {
        return new TestSource(name, collectors, request -> List.of(set(name)));
    }

    private static SampleSet set(String name) {
        SampleSet set = new SampleSet();
        set.family(Family.gauge("found_by_" + name, "Found.")).add(1);
        return set;
    }

    @AfterEach
    void close() {
        scraper.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void readsASourceOnceForAllWhoAskAtTheSameTime() throws Exception {
        CountDownLatch gate = node.hold();
        List<CompletableFuture<Map<String, Double>>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(scrape(ScrapeRequest.ALL, LONG));
        }
        await().until(() -> node.reads() == 1);
        gate.countDown();

        for (CompletableFuture<Map<String, Double>> one : all) {
            assertThat(one.get(10, TimeUnit.SECONDS))
                    .containsKeys("found_by_node", "found_by_agent");
        }
        assertThat(node.reads()).isEqualTo(1);
    }

    @Test
    void readsAnewAfterASecond() throws Exception {
        scrape(ScrapeRequest.ALL, LONG).get(10, TimeUnit.SECONDS);
        scrape(ScrapeRequest.ALL, LONG).get(10, TimeUnit.SECONDS);
        assertThat(node.reads()).isEqualTo(1);

        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        scrape(ScrapeRequest.ALL, LONG).get(10, TimeUnit.SECONDS);

        assertThat(node.reads()).isEqualTo(2);
    }

    @Test
    void readsDifferentThingsOneAfterTheOther() throws Exception {
        CountDownLatch gate = node.hold();
        CompletableFuture<Map<String, Double>> all = scrape(ScrapeRequest.ALL, LONG);
        CompletableFuture<Map<String, Double>> some =
                scrape(new ScrapeRequest(Set.of("cpu"), Set.of()), LONG);
        await().until(() -> node.reads() == 1);
        gate.countDown();

        all.get(10, TimeUnit.SECONDS);
        some.get(10, TimeUnit.SECONDS);
        assertThat(node.reads()).isEqualTo(2);
        assertThat(node.mostAtOnce()).isEqualTo(1);
    }

    /** As text files may, which are the host's. */
    @Test
    void tellsNothingTwiceWhenOneSourcePassesOnWhatAnotherHas() throws Exception {
        MetricSource files =
                new Source(
                        "files",
                        true,
                        deadline -> {
                            SampleSet passed = set("files");
                            passed.family(Family.counter("found_by_agent", "Also.")).add(9);
                            return passed;
                        });
        try (Scraper reading = new Scraper(List.of(files, agent))) {
            List<SampleSet> sets =
                    reading.scrape(source -> true, ScrapeRequest.ALL, LONG, loop).block(LONG);

            assertThat(flat(Objects.requireNonNull(sets)))
                    .containsEntry("found_by_agent", 1.0)
                    .containsEntry("found_by_files", 1.0);
            assertThat(sets.stream().flatMap(set -> set.told().stream()))
                    .doesNotHaveDuplicates()
                    .contains("found_by_agent", "found_by_files");
            // Alone, it tells all.
            assertThat(
                            flat(
                                    Objects.requireNonNull(
                                            reading.scrape(
                                                            source -> source.equals(files),
                                                            ScrapeRequest.ALL,
                                                            LONG,
                                                            loop)
                                                    .block(LONG))))
                    .containsEntry("found_by_agent", 9.0);
        }
    }

    /** What one client has no time for is not missing for others. */
    @Test
    void readsAnewForWhoeverHasMoreTimeThanTheFirstToAsk() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        try (Scraper reading = new Scraper(List.of(slow(begun, reads)))) {
            CompletableFuture<Map<String, Double>> hurried =
                    scrape(reading, Duration.ofMillis(100));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Map<String, Double>> joined = scrape(reading, LONG);

            assertThat(hurried.get(10, TimeUnit.SECONDS))
                    .containsKey("found_by_half")
                    .containsEntry("agent_scrape_source_success{source=\"slow\"}", 0.0)
                    .doesNotContainKey("found_by_whole");
            assertThat(joined.get(10, TimeUnit.SECONDS))
                    .containsKey("found_by_whole")
                    .containsEntry("agent_scrape_source_success{source=\"slow\"}", 1.0);
            assertThat(scrape(reading, LONG).get(10, TimeUnit.SECONDS))
                    .containsKey("found_by_whole");
            assertThat(reads).hasValue(2);
        }
    }

    /** In a tenth of a second more there would be less than there is. */
    @Test
    void takesWhatThereIsWithoutTimeForMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        try (Scraper reading = new Scraper(List.of(slow(begun, reads)))) {
            CompletableFuture<Map<String, Double>> hurried =
                    scrape(reading, Duration.ofMillis(300));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Map<String, Double>> joined = scrape(reading, Duration.ofMillis(400));

            assertThat(hurried.get(10, TimeUnit.SECONDS)).containsKey("found_by_half");
            assertThat(joined.get(10, TimeUnit.SECONDS)).containsKey("found_by_half");
            assertThat(reads).hasValue(1);
        }
    }

    @Test
    void takesWhatThereIsWhenMoreDoesNotCome() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        MetricSource stuck =
                new Source(
                        "stuck",
                        false,
                        deadline -> {
                            if (begun.getCount() == 0) {
                                awaitQuietly(gate);
                            }
                            begun.countDown();
                            return halfASecond(deadline);
                        });
        try (Scraper reading = new Scraper(List.of(stuck))) {
            CompletableFuture<Map<String, Double>> hurried =
                    scrape(reading, Duration.ofMillis(200));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Map<String, Double>> joined = scrape(reading, Duration.ofSeconds(2));

            assertThat(hurried.get(10, TimeUnit.SECONDS)).containsKey("found_by_half");
            assertThat(joined.get(10, TimeUnit.SECONDS))
                    .containsKey("found_by_half")
                    .containsEntry("agent_scrape_source_success{source=\"stuck\"}", 0.0);
            gate.countDown();
        }
    }

    private static MetricSource slow(CountDownLatch begun, AtomicInteger reads) {
        return new Source(
                "slow",
                false,
                deadline -> {
                    reads.incrementAndGet();
                    begun.countDown();
                    return halfASecond(deadline);
                });
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes that long, and gives half of it when there is less time. */
    private static SampleSet halfASecond(long deadline) {
        long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
        while (System.nanoTime() - Math.min(end, deadline) < 0) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return set(System.nanoTime() - end < 0 ? "half" : "whole");
    }

    /** A source that looks at its deadline, or passes on what others have written. */
    private record Source(String name, boolean passesOn, LongFunction<SampleSet> reader)
            implements MetricSource {

        @Override
        public List<String> collectors() {
            return List.of();
        }

        @Override
        public List<SampleSet> scrape(ScrapeRequest request, long deadline) {
            return List.of(reader.apply(deadline));
        }
    }

    /** Who has to wait for his turn longer than the first to ask would have waited. */
    @Test
    void waitsOnWhenTheFirstToAskHasGivenUp() throws Exception {
        CountDownLatch gate = node.hold();
        CompletableFuture<Map<String, Double>> all = scrape(ScrapeRequest.ALL, LONG);
        await().until(() -> node.reads() == 1);
        ScrapeRequest cpu = new ScrapeRequest(Set.of("cpu"), Set.of());
        CompletableFuture<Map<String, Double>> hurried = scrape(cpu, Duration.ofMillis(50));
        CompletableFuture<Map<String, Double>> patient = scrape(cpu, LONG);

        assertThat(hurried.get(10, TimeUnit.SECONDS)).doesNotContainKey("found_by_node");
        gate.countDown();

        assertThat(patient.get(10, TimeUnit.SECONDS)).containsKey("found_by_node");
        assertThat(all.get(10, TimeUnit.SECONDS)).containsKey("found_by_node");
    }

    @Test
    void goesOnWithoutASourceThatIsLate() throws Exception {
        CountDownLatch gate = node.hold();

        Map<String, Double> found =
                scrape(ScrapeRequest.ALL, Duration.ofMillis(100)).get(10, TimeUnit.SECONDS);

        assertThat(found)
                .containsKey("found_by_agent")
                .doesNotContainKey("found_by_node")
                .containsEntry("agent_scrape_source_success{source=\"node\"}", 0.0)
                .containsEntry("agent_scrape_source_success{source=\"agent\"}", 1.0);

        // It is still not back: whoever comes now does not wait for it at all.
        long start = System.nanoTime();
        scrape(ScrapeRequest.ALL, LONG).get(10, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(node.reads()).isEqualTo(1);

        gate.countDown();
        await().untilAsserted(
                        () ->
                                assertThat(
                                                scrape(ScrapeRequest.ALL, LONG)
                                                        .get(10, TimeUnit.SECONDS))
                                        .containsKey("found_by_node"));
    }

    @Test
    void goesOnWithoutASourceThatFails() throws Exception {
        TestSource broken =
                new TestSource(
                        "broken",
                        List.of(),
                        request -> {
                            throw new IllegalStateException("a defect");
                        });
        try (Scraper other = new Scraper(List.of(broken, agent))) {
            Map<String, Double> found =
                    other.scrape(source -> true, ScrapeRequest.ALL, LONG, loop)
                            .map(ScraperTests::flat)
                            .toFuture()
                            .get(10, TimeUnit.SECONDS);

            assertThat(found)
                    .containsKey("found_by_agent")
                    .containsEntry("agent_scrape_source_success{source=\"broken\"}", 0.0);
            other.scrape(source -> true, ScrapeRequest.ALL, LONG, loop)
                    .toFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(broken.reads()).as("a failure is not kept").isEqualTo(2);
        }
    }

    @Test
    void hasNoThreadsWhileNobodyAsks() throws Exception {
        scrape(ScrapeRequest.ALL, LONG).get(10, TimeUnit.SECONDS);
        assertThat(threads()).isPositive();

        await().atMost(Duration.ofSeconds(30)).until(() -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("agent-scrape-"))
                .count();
    }

    private CompletableFuture<Map<String, Double>> scrape(Scraper some, Duration limit) {
        return scrape(some, ScrapeRequest.ALL, limit);
    }

    private CompletableFuture<Map<String, Double>> scrape(ScrapeRequest request, Duration limit) {
        return scrape(scraper, request, limit);
    }

    private CompletableFuture<Map<String, Double>> scrape(
            Scraper some, ScrapeRequest request, Duration limit) {
        return some.scrape(source -> true, request, limit, loop)
                .map(ScraperTests::flat)
                .toFuture()
                .thenApply(Objects::requireNonNull);
    }

    private static Map<String, Double> flat(List<SampleSet> sets) {
        Map<String, Double> samples = new TreeMap<>();
        for (SampleSet set : sets) {
            for (FamilySamples family : set.families()) {
                for (int i = 0; i < family.size(); i++) {
                    String labels = family.subject(i).toString();
                    samples.put(
                            family.family().name() + (labels.isEmpty() ? "" : "{" + labels + "}"),
                            family.value(i));
                }
            }
        }
        return samples;
    }
}
