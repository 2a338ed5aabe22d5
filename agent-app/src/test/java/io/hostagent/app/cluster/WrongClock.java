// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.lab.CommandResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The agent of one node runs with a clock that is an hour ahead: the node has another image under
 * the agent's name, with libfaketime in it. Closing it gives the node the true image again; either
 * loses the agent, and the Swarm starts another one.
 */
final class WrongClock implements AutoCloseable {

    private static final String LIBRARY = "libfaketime.so.1";
    private static final String TRUE_IMAGE = "unified-host-agent:true-clock";
    private static final String MADE = "wrong-clock";

    private final NodeAgent agent;

    private WrongClock(NodeAgent agent) {
        this.agent = agent;
    }

    static WrongClock anHourAheadAt(NodeAgent agent) {
        docker(agent, "tag", AgentImage.NAME, TRUE_IMAGE);
        docker(agent, "create", "--name=" + MADE, AgentImage.NAME);
        docker(agent, "cp", "--follow-link", library().toString(), MADE + ":/opt/" + LIBRARY);
        // Only the time of day is changed: timeouts go by the other clock.
        docker(
                agent,
                "commit",
                "--change=ENV LD_PRELOAD=/opt/"
                        + LIBRARY
                        + " FAKETIME=+1h FAKETIME_DONT_FAKE_MONOTONIC=1"
                        + " FAKETIME_FORCE_MONOTONIC_FIX=0 NO_FAKE_STAT=1",
                MADE,
                AgentImage.NAME);
        docker(agent, "rm", MADE);
        agent.container().kill();
        return new WrongClock(agent);
    }

    private static Path library() {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            return folders.map(folder -> folder.resolve("faketime").resolve(LIBRARY))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("'lab install' brings libfaketime"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CommandResult docker(NodeAgent agent, String... arguments) {
        return agent.host().cli().run(arguments).orThrow();
    }

    /** The time of day in a node's agent, in seconds since 1970. */
    static long secondsAt(NodeAgent agent) {
        String time = docker(agent, "exec", agent.container().id(), "date", "+%s").out();
        return Long.parseLong(time.strip());
    }

    @Override
    public void close() {
        docker(agent, "tag", TRUE_IMAGE, AgentImage.NAME);
        docker(agent, "rmi", TRUE_IMAGE);
        agent.container().kill();
    }
}
