// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.lab.CommandResult;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the stack file deploys, and that any agent of it answers for all. */
class SwarmStackIT extends OnSwarm {

    private static final String TARGET = "X-PortainerAgent-Target";
    private static final String MANAGER_OPERATION = "X-PortainerAgent-ManagerOperation";

    @Test
    void everyNodeRunsOneAgentAndReachesItsOwnEngine() {
        for (NodeAgent agent : swarm().agents()) {
            JsonNode version = agent.json("/version");
            assertThat(version.path("Version").asString()).isEqualTo(agent.host().engineVersion());
            assertThat(agent.json("/containers/json", TARGET, agent.name()).values())
                    .filteredOn(container -> image(container).equals(AgentImage.NAME))
                    .hasSize(1);
        }
    }

    private static String image(JsonNode container) {
        return container.path("Image").asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26"})
    void theFileIsTakenByBothClientsAndMeansTheSame(String client) {
        List<TaskContainer> before = containers();

        CommandResult again = swarm().deploy(client);

        assertThat(again.succeeded()).as(again.toString()).isTrue();
        assertThat(containers()).isEqualTo(before);
    }

    private static List<TaskContainer> containers() {
        return swarm().agents().stream().map(NodeAgent::container).toList();
    }

    /**
     * What the Swarm calls the end of it is not looked at: it says {@code completed}, and not
     * {@code rollback_completed}, of a task whose host port was still that of the failed one.
     */
    @Test
    void aVersionThatDoesNotStartIsTakenBack() {
        String environment = "{{json .Spec.TaskTemplate.ContainerSpec.Env}}";
        String before = service(environment);
        List<TaskContainer> containers = containers();

        // The Swarm waits up to a minute for the end of a task that it has missed.
        CommandResult update =
                swarm().docker()
                        .withTimeout(Duration.ofMinutes(3))
                        .run(
                                "service",
                                "update",
                                "--quiet",
                                "--env-add=CAP_METRICS=maybe",
                                SwarmOfAgents.SERVICE);

        assertThat(service(environment)).as(() -> update + swarm().tasks()).isEqualTo(before);
        swarm().awaitAgents();
        assertThat(containers())
                .as("changed on one node, and no further")
                .filteredOn(container -> !containers.contains(container))
                .as(() -> update + swarm().tasks())
                .hasSize(1);
    }

    private static String service(String format) {
        return swarm().docker()
                .run("service", "inspect", "--format", format, SwarmOfAgents.SERVICE)
                .orThrow()
                .out()
                .strip();
    }

    @Test
    @DisplayName("31: every agent lists all members with their roles, the port as a string")
    void everyAgentListsAllMembers() {
        Map<String, String> roles = new HashMap<>();
        swarm().agents().forEach(agent -> roles.put(agent.name(), "worker"));
        roles.put(swarm().manager().name(), "manager");
        for (NodeAgent agent : swarm().agents()) {
            assertThat(agent.members()).isEqualTo(roles);
            for (JsonNode member : agent.json("/v2/agents")) {
                assertThat(member.path("Port").isString()).isTrue();
                assertThat(member.path("Port").asString()).isEqualTo("9001");
                assertThat(member.path("IPAddress").asString()).matches("\\d+(\\.\\d+){3}");
            }
        }
    }

    @Test
    void everyAgentTellsTheWholeTruth() throws Exception {
        truth().assertWhole();
    }

    @ParameterizedTest
    @DisplayName("32: lists are the union of what each engine lists, each item with its node")
    @CsvSource({
        "/containers/json?all=1, '', Id",
        "/images/json, '', Id",
        "/volumes, Volumes, Name",
        "/networks, '', Id"
    })
    void listsAreMerged(String path, String wrapper, String id) {
        TreeSet<String> expected = new TreeSet<>();
        for (NodeAgent agent : swarm().agents()) {
            for (JsonNode item : items(agent.json(path, TARGET, agent.name()), wrapper)) {
                assertThat(item.has("Portainer")).as("decorated: %s", item).isFalse();
                expected.add(agent.name() + " " + item.path(id).asString());
            }
        }
        for (NodeAgent agent : swarm().agents()) {
            assertThat(items(agent.json(path), wrapper).values())
                    .extracting(item -> nodeOf(item) + " " + item.path(id).asString())
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static JsonNode items(JsonNode answer, String wrapper) {
        return wrapper.isEmpty() ? answer : answer.path(wrapper);
    }

    private static String nodeOf(JsonNode item) {
        return item.path("Portainer").path("Agent").path("NodeName").asString();
    }

    @Test
    void theOrderOfAListIsStable() {
        NodeAgent worker = swarm().workers().getFirst();
        List<String> first = ids(worker.json("/containers/json?all=1"));
        assertThat(ids(worker.json("/containers/json?all=1"))).isEqualTo(first);
    }

    @Test
    @DisplayName("34: what only a manager knows is asked of a manager")
    void managerRequestsReachAManager() {
        for (NodeAgent agent : swarm().agents()) {
            assertThat(agent.json("/services").path(0).path("Spec").path("Name").asString())
                    .isEqualTo(SwarmOfAgents.SERVICE);
            assertThat(agent.json("/nodes").values()).hasSize(swarm().agents().size());
            assertThat(agent.json("/tasks").values()).isNotEmpty();
            JsonNode swarmOfEngine = agent.json("/info").path("Swarm");
            assertThat(swarmOfEngine.path("ControlAvailable").asBoolean()).isTrue();
        }
        assertThat(swarm().workers().getFirst().get("/services").headers().map())
                .containsEntry("X-HostAgent-Node", List.of(swarm().manager().name()));
    }

    @Test
    @DisplayName("34: a manager operation is the manager's own and no merged list")
    void aManagerOperationGoesToAManager() {
        NodeAgent manager = swarm().manager();
        JsonNode own = manager.json("/containers/json?all=1", TARGET, manager.name());
        for (NodeAgent agent : swarm().agents()) {
            assertThat(agent.json("/containers/json?all=1", MANAGER_OPERATION, "1"))
                    .extracting(container -> container.path("Id").asString())
                    .isEqualTo(ids(own));
        }
    }

    private static List<String> ids(JsonNode containers) {
        return containers.valueStream().map(item -> item.path("Id").asString()).toList();
    }

    @Test
    @DisplayName("33: a target runs the request, and nobody else")
    void aTargetIsReached() {
        for (NodeAgent agent : swarm().agents()) {
            for (NodeAgent target : swarm().agents()) {
                String path = "/containers/" + Workloads.nameOn(target.host()) + "/json";
                JsonNode container = agent.json(path, TARGET, target.name());
                assertThat(container.path("Config").path("Hostname").asString())
                        .isEqualTo(target.name());
                for (NodeAgent other : swarm().others(target)) {
                    assertThat(agent.get(path, TARGET, other.name()).statusCode()).isEqualTo(404);
                }
                assertThat(ids(agent.json("/containers/json?all=1", TARGET, target.name())))
                        .isEqualTo(
                                ids(target.json("/containers/json?all=1", TARGET, target.name())));
            }
        }
    }

    @Test
    @DisplayName("33: a target that nobody knows is refused with the message of the original")
    void anUnknownTargetIsRefused() {
        HttpResponse<String> answer =
                swarm().manager().get("/containers/x/json", TARGET, "no-such-node");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .contains(
                        "\"The agent was unable to contact any other agent\"",
                        "\"Unable to find the targeted agent\"");
    }

    @Test
    void aNameOnSeveralNodesIsAmbiguousUntilATargetIsNamed() {
        NodeAgent manager = swarm().manager();
        String path = "/containers/" + Workloads.SAME + "/json";

        HttpResponse<String> answer = manager.get(path);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains(NodeAgent.names(swarm().workers()));
        for (NodeAgent worker : swarm().workers()) {
            assertThat(manager.get(path, TARGET, worker.name()).statusCode()).isEqualTo(200);
            // Where the name is one's own, it means one's own.
            assertThat(worker.json(path).path("Config").path("Hostname").asString())
                    .isEqualTo(worker.name());
        }
    }

    @Test
    void aNameThatNobodyHasIsTheEnginesOwnError() {
        HttpResponse<String> answer = swarm().manager().get("/containers/no-such-thing/json");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("No such container: no-such-thing");
    }
}
