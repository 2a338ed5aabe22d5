// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one agent answered when it was asked for the workloads of the whole Swarm.
 *
 * @param asked the agent's node
 * @param took from the request to the last byte of the answer
 * @param items each {@code NODE/NAME} of a container, in order; the node as the answer tells it
 * @param unreachable the nodes that the answer says it lacks, in order
 * @param problem why there is no list, or nothing
 */
record Listing(
        String asked, Duration took, List<String> items, List<String> unreachable, String problem) {

    private static final String PATH =
            "/containers/json?all=1&filters="
                    + URLEncoder.encode("{\"label\":[\"" + Workloads.LABEL + "\"]}", UTF_8);

    Listing {
        items = sorted(items);
        unreachable = sorted(unreachable);
    }

    static Listing from(NodeAgent agent) {
        long start = System.nanoTime();
        try {
            HttpResponse<String> answer = agent.get(PATH);
            Duration took = since(start);
            if (answer.statusCode() != 200) {
                return failed(agent, took, answer.statusCode() + " " + answer.body());
            }
            return new Listing(agent.name(), took, read(answer.body()), lacking(answer), "");
        } catch (UncheckedIOException e) {
            return failed(agent, since(start), String.valueOf(e.getCause()));
        }
    }

    private static Listing failed(NodeAgent agent, Duration took, String problem) {
        return new Listing(agent.name(), took, List.of(), List.of(), problem);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static List<String> read(String body) {
        List<String> items = new ArrayList<>();
        for (JsonNode container : JsonMapper.shared().readTree(body)) {
            String node = container.path("Portainer").path("Agent").path("NodeName").asString("?");
            items.add(node + container.path("Names").path(0).asString("/?"));
        }
        return items;
    }

    private static List<String> lacking(HttpResponse<String> answer) {
        return answer.headers().allValues("X-HostAgent-Unreachable").stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .toList();
    }

    private static List<String> sorted(List<String> texts) {
        List<String> copy = new ArrayList<>(texts);
        Collections.sort(copy);
        return List.copyOf(copy);
    }

    /** Whether it is a list at all, whatever is in it. */
    boolean came() {
        return problem.isEmpty();
    }
}
