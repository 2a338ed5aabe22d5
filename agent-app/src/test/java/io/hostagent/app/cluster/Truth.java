// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.DockerHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** What the agents of a Swarm have to answer, and how soon, when a part of it fails. */
final class Truth {

    /** How long an answer may take while something is broken. */
    static final Duration DURING = Duration.ofSeconds(2);

    /** How long an answer may take once it is known what is broken: less than a connect takes. */
    static final Duration KNOWN = Duration.ofMillis(900);

    /** How soon after the end of a fault every agent tells the truth again. */
    static final Duration AFTER = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(50);

    private final List<NodeAgent> agents;
    private final Workloads workloads;

    Truth(List<NodeAgent> agents, Workloads workloads) {
        this.agents = agents;
        this.workloads = workloads;
    }

    /** Whether nothing is missing in a list, and nothing is in it twice. */
    boolean isComplete(Listing listing) {
        return listing.items().equals(workloads.on(hosts(agents)));
    }

    /** Every agent lists all nodes and what is on them, each once, and lacks none. */
    void assertWhole() throws Exception {
        List<String> names = NodeAgent.names(agents);
        for (Set<String> members : ask(agents, agent -> agent.members().keySet())) {
            assertThat(members).as("nodes").containsExactlyElementsOf(names);
        }
        for (Listing listing : ask(agents, NodeAgent::workloads)) {
            assertThat(listing.problem()).as("problem of %s", listing).isEmpty();
            assertThat(listing.items())
                    .as("workloads of %s", listing)
                    .isEqualTo(workloads.on(hosts(agents)));
            assertThat(listing.unreachable()).as("lacking in %s", listing).isEmpty();
        }
    }

    /**
     * Waits until every agent tells the whole truth, and not longer than the bound allows.
     *
     * @param returning agents that were away; time counts from when all of them answer
     * @return how long it took
     */
    Duration assertWholeSoon(NodeAgent... returning) {
        SwarmOfAgents.awaitAgents(Arrays.asList(returning));
        long start = System.nanoTime();
        Awaitility.await().atMost(AFTER).pollInterval(POLL).untilAsserted(this::assertWhole);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /**
     * Every agent but those of lost nodes lists what is left, says what it lacks, and does so in
     * time.
     */
    void assertWithout(NodeAgent... lost) throws Exception {
        assertWithout(DURING, lost);
    }

    /** The same for a fault that has been met before: it soon costs nothing any more. */
    void assertStillWithout(NodeAgent... lost) throws Exception {
        Awaitility.await()
                .atMost(AFTER)
                .pollInterval(POLL)
                .untilAsserted(() -> assertWithout(KNOWN, lost));
        assertWithout(KNOWN, lost);
        assertWithout(KNOWN, lost);
    }

    private void assertWithout(Duration limit, NodeAgent... lost) throws Exception {
        List<NodeAgent> gone = Arrays.asList(lost);
        List<NodeAgent> left = agents.stream().filter(agent -> !gone.contains(agent)).toList();
        for (Listing listing : ask(left, NodeAgent::workloads)) {
            assertThat(listing.problem()).as("problem of %s", listing).isEmpty();
            assertThat(listing.items())
                    .as("workloads of %s", listing)
                    .isEqualTo(workloads.on(hosts(left)));
            assertThat(listing.unreachable())
                    .as("lacking in %s", listing)
                    .isEqualTo(NodeAgent.names(gone));
            assertThat(listing.took()).as("time of %s", listing).isLessThan(limit);
        }
    }

    private static List<DockerHost> hosts(List<NodeAgent> agents) {
        return agents.stream().map(NodeAgent::host).toList();
    }

    /** Asks agents at the same time. */
    private static <T> List<T> ask(List<NodeAgent> agents, Function<NodeAgent, T> question)
            throws Exception {
        List<T> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> answer :
                    threads.invokeAll(
                            agents.stream()
                                    .<Callable<T>>map(agent -> () -> question.apply(agent))
                                    .toList())) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
