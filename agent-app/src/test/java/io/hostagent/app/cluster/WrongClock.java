// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.Faketime;
import io.hostagent.lab.CommandResult;

/**
 * The agent of one node runs with a clock that is an hour ahead: the node has another image under
 * the agent's name, with libfaketime in it. Closing it gives the node the true image again; either
 * loses the agent, and the Swarm starts another one.
 */
final class WrongClock implements AutoCloseable {

    private static final String TRUE_IMAGE = "unified-host-agent:true-clock";
    private static final String MADE = "wrong-clock";

    private final NodeAgent agent;

    private WrongClock(NodeAgent agent) {
        this.agent = agent;
    }

    static WrongClock anHourAheadAt(NodeAgent agent) {
        docker(agent, "tag", AgentImage.NAME, TRUE_IMAGE);
        docker(agent, "create", "--name=" + MADE, AgentImage.NAME);
        String library = "/opt/" + Faketime.LIBRARY;
        docker(agent, "cp", "--follow-link", Faketime.library().toString(), MADE + ":" + library);
        docker(
                agent,
                "commit",
                "--change=ENV " + Faketime.variables(library, "+1h"),
                MADE,
                AgentImage.NAME);
        docker(agent, "rm", MADE);
        agent.container().kill();
        return new WrongClock(agent);
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
