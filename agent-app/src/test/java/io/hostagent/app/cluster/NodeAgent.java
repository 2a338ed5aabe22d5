// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.util.stream.Collectors.joining;

import io.hostagent.app.fixture.ConsoleClient;
import io.hostagent.app.fixture.RemoteAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.DockerHost;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The agent of one node, as its clients reach it: at the port that the node publishes.
 *
 * @param host the node
 * @param key whose owner asks
 * @param secret that the agents and the client share
 */
record NodeAgent(DockerHost host, TestKey key, String secret) {

    static final int PORT = 9001;

    /** Long enough to see how late an answer is that should have come within 2 s. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** The node's name. */
    String name() {
        return host.name();
    }

    /** A signed GET with further headers, each a name and a value. */
    HttpResponse<String> get(String path, String... headers) {
        return remote().get(path, headers(headers), LIMIT);
    }

    private RemoteAgent remote() {
        return new RemoteAgent(host.address(), PORT);
    }

    private Map<String, String> headers(String... further) {
        Map<String, String> headers = new HashMap<>(key.headers(secret));
        for (int i = 0; i < further.length; i += 2) {
            headers.put(further[i], further[i + 1]);
        }
        return headers;
    }

    /** What it answers to a signed GET that has to succeed. */
    JsonNode json(String path, String... headers) {
        try {
            HttpResponse<String> answer = get(path, headers);
            if (answer.statusCode() == 200) {
                return JsonMapper.shared().readTree(answer.body());
            }
            throw new AssertionError(
                    name() + path + ": " + answer.statusCode() + " " + answer.body());
        } catch (UncheckedIOException e) {
            throw new AssertionError(name() + path + ": " + e.getCause(), e);
        }
    }

    /** Opens a terminal in a container, which may be of any node, as a Portainer server does. */
    ConsoleClient terminal(String container, String target, String... command) {
        String words =
                Stream.of(command)
                        .map(JsonMapper.shared()::writeValueAsString)
                        .collect(joining(","));
        String body =
                "{\"AttachStdin\":true,\"AttachStdout\":true,\"AttachStderr\":true,"
                        + "\"Tty\":true,\"Cmd\":[%s]}".formatted(words);
        Map<String, String> headers = headers("X-PortainerAgent-Target", target);
        HttpResponse<String> exec =
                remote().post("/containers/" + container + "/exec", headers, body, LIMIT);
        String id = JsonMapper.shared().readTree(exec.body()).path("Id").asString();
        return console("/websocket/exec?endpointId=1&id=" + id, target);
    }

    /** Opens a console. */
    ConsoleClient console(String path, String target) {
        return ConsoleClient.open(
                URI.create("wss://" + host.address() + ":" + PORT + path),
                headers("X-PortainerAgent-Target", target));
    }

    /** Whether it is there. */
    boolean answers() {
        return remote().ping() == 204;
    }

    /** What its node knows of the agent's containers and the Swarm; for people to read. */
    String lastWords() {
        DockerCli cli = host.cli();
        String service = "label=com.docker.swarm.service.name=" + SwarmOfAgents.SERVICE;
        CommandResult containers = cli.run("ps", "--all", "--no-trunc", "--filter", service);
        String logs =
                cli.run("ps", "--all", "--quiet", "--filter", service)
                        .out()
                        .lines()
                        .limit(2)
                        .map(id -> cli.run("logs", "--tail", "30", id).toString())
                        .collect(joining("\n"));
        String node = cli.run("info", "--format", "{{json .Swarm}}").out();
        return this + "\n" + node + containers + "\n" + logs;
    }

    /** Asks it for the workloads of the whole Swarm. */
    Listing workloads() {
        return Listing.from(this);
    }

    /** Node names and roles as {@code GET /v2/agents} tells them; fails when one comes twice. */
    Map<String, String> members() {
        Map<String, String> roles = new TreeMap<>();
        for (JsonNode member : json("/v2/agents")) {
            String name = member.path("NodeName").asString();
            if (roles.put(name, member.path("NodeRole").asString()) != null) {
                throw new AssertionError(name() + " lists " + name + " twice");
            }
        }
        return roles;
    }

    /** A docker client of its node's version that talks to this agent. */
    DockerCli cli() {
        DockerCli cli =
                host.lab().cli(host.engine(), "tcp://" + host.address() + ":" + PORT).withTls();
        for (Map.Entry<String, String> header : key.headers(secret).entrySet()) {
            cli = cli.withHeader(header.getKey(), header.getValue());
        }
        return cli;
    }

    /** Its container of this moment. */
    TaskContainer container() {
        return TaskContainer.of(SwarmOfAgents.SERVICE, host)
                .orElseThrow(() -> new AssertionError("no agent runs on " + name()));
    }

    @Override
    public String toString() {
        return "agent of " + name();
    }

    static List<String> names(List<NodeAgent> agents) {
        return agents.stream().map(NodeAgent::name).sorted().toList();
    }
}
