// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.image;

import static java.util.Objects.requireNonNull;

import io.hostagent.lab.DockerHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** The agent's image, built as the README says but on the images of the lab. */
final class AgentImage {

    static final String NAME = "unified-host-agent:image-it";

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Set<DockerHost> BUILT = new HashSet<>();

    private AgentImage() {}

    /** Builds it on a host: on Engine 20 with the builder of that time, on others with BuildKit. */
    static synchronized void buildOn(DockerHost host) {
        if (BUILT.contains(host)) {
            return;
        }
        host.cli()
                .withEnvironment("DOCKER_BUILDKIT", host.engine().equals("20") ? "0" : "1")
                .withTimeout(LIMIT)
                .run(
                        "build",
                        "--build-arg=BUILD_IMAGE=lab/jdk:25",
                        "--build-arg=JDK_IMAGE=lab/jdk:25",
                        "--build-arg=BASE_IMAGE=lab/base:1",
                        "--tag=" + NAME,
                        projectRoot().toString())
                .orThrow();
        BUILT.add(host);
    }

    private static Path projectRoot() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(folder -> Files.exists(requireNonNull(folder).resolve("Dockerfile")))
                .findFirst()
                .orElseThrow();
    }
}
