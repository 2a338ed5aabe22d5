// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.DockerHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** One engine, reached directly on its socket and through an agent, by any docker client. */
final class TwoWays {

    private static final Map<String, TwoWays> OPEN = new ConcurrentHashMap<>();

    private final DockerHost host;
    private final RunningAgent agent;
    private final Map<String, DockerCli> clients = new ConcurrentHashMap<>();

    private TwoWays(DockerHost host) {
        this.host = host;
        this.agent = RunningAgent.start(Map.of("DOCKER_HOST", host.endpoint()));
    }

    /** The ways to an engine; the agent lives as long as this process. */
    static TwoWays to(DockerHost host) {
        return OPEN.computeIfAbsent(host.name(), name -> new TwoWays(host));
    }

    DockerHost host() {
        return host;
    }

    RunningAgent agent() {
        return agent;
    }

    /** What a scenario does with the client that it is given. */
    @FunctionalInterface
    interface Scenario {
        void play(Session docker) throws Exception;
    }

    /** Plays a scenario both ways and compares what the client printed and how it ended. */
    void play(String client, Scenario scenario) throws Exception {
        Session direct = new Session(direct(client));
        scenario.play(direct);
        Session relayed = new Session(relayed(client));
        scenario.play(relayed);
        assertThat(String.join("\n", relayed.transcript()))
                .isEqualTo(String.join("\n", direct.transcript()));
    }

    /** Asks the same both ways of an engine that stands still: the bytes are the same. */
    void same(String client, String... arguments) {
        CommandResult direct = direct(client).run(arguments);
        CommandResult relayed = relayed(client).run(arguments);
        String what = String.join(" ", arguments);
        assertThat(ordered(relayed.out())).as(what).isEqualTo(ordered(direct.out()));
        assertThat(relayed.err()).as(what).isEqualTo(direct.err());
        assertThat(relayed.exitCode()).as(what).isEqualTo(direct.exitCode());
    }

    /** {@code docker info} lists the runtimes in an order that the client draws by lot. */
    private static String ordered(String text) {
        return Pattern.compile("(?<=Runtimes: ).*")
                .matcher(text)
                .replaceAll(
                        found ->
                                Stream.of(found.group().split(" ", -1))
                                        .sorted()
                                        .collect(Collectors.joining(" ")));
    }

    /** Removes every container of the engine, running or not. */
    void removeContainers() {
        DockerCli cli = direct(host.engine());
        List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v"));
        cli.run("ps", "-aq").orThrow().out().lines().forEach(remove::add);
        if (remove.size() > 3) {
            cli.run(remove.toArray(String[]::new)).orThrow();
        }
    }

    /** The client of a version on the engine's socket. */
    DockerCli direct(String client) {
        return clients.computeIfAbsent(client, this::find);
    }

    /** The client of a version through the agent. */
    DockerCli relayed(String client) {
        DockerCli cli = direct(client).at(agent.endpoint()).withTls();
        for (Map.Entry<String, String> header : agent.key().headers().entrySet()) {
            cli = cli.withHeader(header.getKey(), header.getValue());
        }
        return cli;
    }

    private DockerCli find(String client) {
        if (!client.equals("28")) {
            return host.lab().cli(client, host.endpoint());
        }
        Optional<Path> own =
                Stream.of(System.getenv("PATH").split(":", -1))
                        .map(folder -> Path.of(folder, "docker"))
                        .filter(Files::isExecutable)
                        .findFirst();
        Assumptions.assumeTrue(own.isPresent(), "there is no docker client on this machine's PATH");
        return DockerCli.of(
                own.orElseThrow(), Optional.of(host.lab().plugins("26")), host.endpoint());
    }
}
