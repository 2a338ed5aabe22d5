// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A project of Docker Compose with one service, {@code keeper}, that has the volume {@code data} at
 * {@code /d}; its file names the driver and options of the volume.
 *
 * @param agent on whose host it runs
 * @param project its name, with which the names of its containers and volumes begin
 * @param file that Compose reads
 */
record Composition(VolumesAgent agent, String project, Path file) {

    /** Writes the file. */
    static Composition of(VolumesAgent agent, String project, Path folder, String options) {
        String text =
                """
                services:
                  keeper:
                    image: %s
                    command: ["sleep", "1000000"]
                    network_mode: none
                    volumes:
                      - data:/d
                volumes:
                  data:
                    driver: %s
                    driver_opts: {%s}
                """
                        .formatted(VolumesAgent.IMAGE, agent.driver(), options);
        try {
            Path file = Files.writeString(folder.resolve("compose.yaml"), text);
            return new Composition(agent, project, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What engines call its volume. */
    String volume() {
        return project + "_data";
    }

    /** Runs a command of {@code docker compose}, which has to succeed; what it printed. */
    String run(String... arguments) {
        List<String> line = new ArrayList<>(List.of("compose", "--project-name=" + project));
        line.addAll(List.of("--file", file.toString()));
        line.addAll(List.of(arguments));
        return agent.dockerOk(line.toArray(String[]::new));
    }

    /** Runs a shell line in its container; what it printed. */
    String exec(String script) {
        return run("exec", "-T", "keeper", "sh", "-c", script);
    }
}
