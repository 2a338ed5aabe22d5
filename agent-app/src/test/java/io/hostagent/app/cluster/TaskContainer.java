// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A container in which a Swarm runs a task.
 *
 * @param host where it runs
 * @param id its ID
 */
record TaskContainer(DockerHost host, String id) {

    /** The container of a service that runs on a host at this moment. */
    static Optional<TaskContainer> of(String service, DockerHost host) {
        String filter = "label=com.docker.swarm.service.name=" + service;
        return host.cli()
                .run("ps", "--quiet", "--no-trunc", "--filter", filter)
                .orThrow()
                .out()
                .lines()
                .findFirst()
                .map(id -> new TaskContainer(host, id));
    }

    /** Its address in an overlay network. */
    String address(String network) {
        return inspect("{{(index .NetworkSettings.Networks \"" + network + "\").IPAddress}}");
    }

    /** Loses it at once, as by {@code kill -9}; the Swarm starts another one. */
    void kill() {
        host.cli().run("kill", id).orThrow();
    }

    /** Runs one of the host's own programs in this container's network. */
    CommandResult inNetwork(String... command) {
        return host.exec(entering(command)).orThrow();
    }

    private List<String> entering(String... command) {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("nsenter", "--net=/proc/" + inspect("{{.State.Pid}}") + "/ns/net"));
        line.addAll(List.of(command));
        return line;
    }

    /** Whether a connection to a port elsewhere comes about within a second. */
    boolean reaches(String address, int port) {
        String connect = "</dev/tcp/" + address + "/" + port;
        return host.exec(entering("timeout", "1", "bash", "-c", connect)).succeeded();
    }

    private String inspect(String format) {
        return host.cli().run("inspect", "--format", format, id).orThrow().out().strip();
    }
}
