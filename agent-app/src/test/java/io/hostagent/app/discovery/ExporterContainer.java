// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.lab.DockerHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A real HTTP server in a container of its own, which plays an exporter ({@code Exporter.java}
 * beside the tests).
 */
record ExporterContainer(DockerHost host, String name, String id) {

    private static final String RUN =
            "printf %s \"$SOURCE\" > /tmp/Exporter.java;"
                    + " exec /opt/java/bin/java -XX:TieredStopAtLevel=1 -Xmx64m /tmp/Exporter.java $PORTS";

    /**
     * Starts one.
     *
     * @param ports it listens on, or addresses and ports, with blanks between them
     * @param options of {@code docker run}
     */
    static ExporterContainer start(DockerHost host, String name, String ports, String... options) {
        remove(host, name);
        List<String> command =
                new ArrayList<>(
                        List.of("run", "--detach", "--name", name, "--env", "PORTS=" + ports));
        command.addAll(List.of("--env", "SOURCE=" + source()));
        command.addAll(List.of(options));
        command.addAll(List.of("lab/jdk:25", "sh", "-c", RUN));
        String id = host.cli().run(command.toArray(String[]::new)).orThrow().out().strip();
        return new ExporterContainer(host, name, id);
    }

    private static String source() {
        try (InputStream in = ExporterContainer.class.getResourceAsStream("Exporter.java")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void remove(DockerHost host, String name) {
        host.cli().run("rm", "--force", name);
    }

    /** Its address in its first network. */
    String address() {
        return host.cli()
                .run(
                        "inspect",
                        "--format",
                        "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}",
                        name)
                .orThrow()
                .out()
                .strip()
                .split(" ", -1)[0];
    }

    void remove() {
        remove(host, name);
    }
}
