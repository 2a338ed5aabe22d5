// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.Project;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.DockerSwarm;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a Swarm: the real image, deployed with the stack file as the README says. All test
 * classes of the process share it, and leave it as they found it; it goes with its hosts.
 */
final class SwarmOfAgents {

    /** The name of the agents' service, which is not that of the stack. */
    static final String SERVICE = "agent_agent";

    /** The overlay network of the agents. */
    static final String NETWORK = "agent_agents";

    static final String SECRET = "the secret that all agents of the Swarm share";

    private static final String STACK = "agent";
    private static final String SECRET_NAME = "agent_secret";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Map<DockerSwarm, SwarmOfAgents> DEPLOYED = new HashMap<>();

    private final DockerSwarm swarm;
    private final List<NodeAgent> agents;
    private final Truth truth;
    private boolean doubtful;
    private @Nullable AssertionError hopeless;

    private SwarmOfAgents(DockerSwarm swarm, Workloads workloads) {
        TestKey key = TestKey.create();
        this.swarm = swarm;
        this.agents = swarm.hosts().stream().map(host -> new NodeAgent(host, key, SECRET)).toList();
        this.truth = new Truth(agents, workloads);
    }

    /**
     * Deploys the agents, unless that has been done.
     *
     * @param builder a host with the base images, on which the agent's image is built
     */
    static synchronized SwarmOfAgents on(DockerSwarm swarm, DockerHost builder) {
        SwarmOfAgents deployed = DEPLOYED.get(swarm);
        if (deployed == null) {
            AgentImage.buildOn(builder);
            AgentImage.copy(builder, swarm.hosts());
            Workloads workloads = Workloads.startOn(swarm);
            deployed = new SwarmOfAgents(swarm, workloads);
            deployed.clear();
            deployed.docker()
                    .run(SECRET.getBytes(UTF_8), List.of("secret", "create", SECRET_NAME, "-"))
                    .orThrow();
            deployed.deploy(swarm.manager().engine()).orThrow();
            DEPLOYED.put(swarm, deployed);
        }
        return deployed;
    }

    /** Says that a test failed, which may not have left the agents as it found them. */
    void doubt() {
        doubtful = true;
    }

    /**
     * Sees that all agents answer, and deploys them anew first when a test has failed, so that a
     * fault fails its own test and no other. When that does not help either, every further call
     * fails at once.
     */
    void restore() {
        if (hopeless != null) {
            throw new AssertionError("The agents were given up after an earlier test", hopeless);
        }
        try {
            if (doubtful) {
                deployAgain();
                doubtful = false;
            }
            awaitAgents();
        } catch (AssertionError | RuntimeException e) {
            if (doubtful) {
                hopeless = new AssertionError(e);
            }
            throw e;
        }
    }

    /** Takes the agents away and deploys them anew, on the nodes as they are now. */
    void deployAgain() {
        docker().run("stack", "rm", STACK).orThrow();
        Awaitility.await().atMost(START).pollInterval(POLL).until(this::isClear);
        deploy(swarm.manager().engine()).orThrow();
        awaitAgents();
    }

    /** Takes away what a process before this one left on hosts that are kept. */
    private void clear() {
        docker().run("stack", "rm", STACK).orThrow();
        Awaitility.await().atMost(START).pollInterval(POLL).until(this::isClear);
        docker().run("secret", "rm", SECRET_NAME);
    }

    private boolean isClear() {
        String networks =
                docker().run("network", "ls", "--quiet", "--filter", "name=" + NETWORK).out();
        return networks.isBlank()
                && swarm.hosts().stream()
                        .allMatch(host -> TaskContainer.of(SERVICE, host).isEmpty());
    }

    /**
     * Deploys the stack, or brings it up to date, with {@code --resolve-image never}: there is no
     * registry to ask.
     *
     * @param client the version of the docker client, {@code 20} or {@code 26}
     */
    CommandResult deploy(String client) {
        DockerHost manager = swarm.manager();
        String file = Project.root().resolve("compose").resolve("stack.yaml").toString();
        return manager.lab()
                .cli(client, manager.endpoint())
                .withEnvironment("AGENT_IMAGE", AgentImage.NAME)
                .run("stack", "deploy", "--resolve-image", "never", "-c", file, STACK);
    }

    /** Waits until every agent answers. */
    void awaitAgents() {
        awaitAgents(agents);
    }

    /** Waits until these agents answer. */
    static void awaitAgents(List<NodeAgent> agents) {
        try {
            Awaitility.await()
                    .atMost(START)
                    .pollInterval(POLL)
                    .until(() -> agents.stream().allMatch(NodeAgent::answers));
        } catch (ConditionTimeoutException e) {
            String silent =
                    agents.stream()
                            .filter(agent -> !agent.answers())
                            .map(NodeAgent::lastWords)
                            .collect(joining("\n"));
            throw new AssertionError("no answer from " + silent, e);
        }
    }

    /** A client of the first manager's engine itself. */
    DockerCli docker() {
        return swarm.manager().cli();
    }

    /** What the Swarm says of the agents' tasks, the ended ones among them; for people to read. */
    String tasks() {
        return docker().run("service", "ps", "--no-trunc", SERVICE).toString();
    }

    DockerSwarm swarm() {
        return swarm;
    }

    /** The agents of all nodes, the managers first. */
    List<NodeAgent> agents() {
        return agents;
    }

    NodeAgent manager() {
        return agents.getFirst();
    }

    List<NodeAgent> workers() {
        return agents.subList(swarm.managers(), agents.size());
    }

    /** All agents but these. */
    List<NodeAgent> others(NodeAgent... but) {
        return agents.stream().filter(agent -> !Arrays.asList(but).contains(agent)).toList();
    }

    /** What agents have to answer. */
    Truth truth() {
        return truth;
    }
}
