// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One client for each agent that asks for lists all the time, and asks again when it gets none. It
 * ends when it is closed.
 */
final class PatientClients implements AutoCloseable {

    /**
     * An agent is away for some seconds while it is replaced; but the Swarm waits up to a minute
     * for the end of an old task that it has missed.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration BETWEEN = Duration.ofMillis(200);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> clients = new ArrayList<>();
    private final List<Listing> lists = new CopyOnWriteArrayList<>();

    /** The first ones of agents that were replaced, which warm up and find the others meanwhile. */
    private final List<Listing> firstLists = new CopyOnWriteArrayList<>();

    private volatile boolean enough;

    static PatientClients of(List<NodeAgent> agents) {
        PatientClients clients = new PatientClients();
        for (NodeAgent agent : agents) {
            clients.clients.add(clients.threads.submit(() -> clients.use(agent)));
        }
        return clients;
    }

    private Void use(NodeAgent agent) throws InterruptedException {
        long lastCame = System.nanoTime();
        boolean ready = true;
        while (!enough) {
            Listing listing = agent.workloads();
            if (listing.came()) {
                (ready ? lists : firstLists).add(listing);
                lastCame = System.nanoTime();
            } else if (System.nanoTime() - lastCame > PATIENCE.toNanos()) {
                throw new AssertionError("no answer for " + PATIENCE + ": " + listing);
            }
            ready = listing.came();
            // Not a wait for something: that is how often a client asks.
            Thread.sleep(BETWEEN);
        }
        return null;
    }

    /**
     * Ends the clients. All of them were served after at most {@link #PATIENCE}, every list came in
     * time, nothing was in one twice, and nothing whose node it says it lacks.
     */
    void assertServed() throws Exception {
        enough = true;
        for (Future<?> client : clients) {
            client.get();
        }
        assertThat(lists).isNotEmpty();
        lists.forEach(listing -> assertRight(listing, Truth.DURING));
        firstLists.forEach(listing -> assertRight(listing, Truth.DURING.plusSeconds(1)));
    }

    private static void assertRight(Listing listing, Duration limit) {
        assertThat(listing.items()).as("items of %s", listing).doesNotHaveDuplicates();
        assertThat(listing.took()).as("time of %s", listing).isLessThan(limit);
        assertThat(listing.items())
                .as("items of %s", listing)
                .noneMatch(
                        item ->
                                listing.unreachable()
                                        .contains(item.substring(0, item.indexOf('/'))));
    }

    @Override
    public void close() {
        enough = true;
        threads.close();
    }
}
