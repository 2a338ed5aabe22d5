// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real docker client pointed at one endpoint. Every instance writes its configuration to a
 * directory of its own before it runs, and never sees the developer's.
 *
 * @param program the client, see {@link Lab#client}
 * @param plugins the folder of its compose and buildx plugins, see {@link Lab#plugins}
 * @param endpoint value of {@code -H}
 * @param headers sent with every request ({@code HttpHeaders} of its configuration)
 * @param tls speaks TLS to the endpoint and verifies nothing
 * @param environment variables added to those of this process, such as {@code DOCKER_BUILDKIT}
 * @param directory where it runs
 * @param timeout after which {@link #run} kills it
 */
public record DockerCli(
        Path program,
        Optional<Path> plugins,
        String endpoint,
        Map<String, String> headers,
        boolean tls,
        Map<String, String> environment,
        Optional<Path> directory,
        Duration timeout) {

    public DockerCli {
        headers = Map.copyOf(headers);
        environment = Map.copyOf(environment);
    }

    /** A client of any version; {@code Path.of("docker")} is the one of this machine. */
    public static DockerCli of(Path program, Optional<Path> plugins, String endpoint) {
        return new DockerCli(
                program,
                plugins,
                endpoint,
                Map.of(),
                false,
                Map.of(),
                Optional.empty(),
                Duration.ofSeconds(60));
    }

    public DockerCli at(String newEndpoint) {
        return new DockerCli(
                program, plugins, newEndpoint, headers, tls, environment, directory, timeout);
    }

    public DockerCli withHeader(String name, String value) {
        Map<String, String> extended = with(headers, name, value);
        return new DockerCli(
                program, plugins, endpoint, extended, tls, environment, directory, timeout);
    }

    public DockerCli withTls() {
        return new DockerCli(
                program, plugins, endpoint, headers, true, environment, directory, timeout);
    }

    public DockerCli withEnvironment(String name, String value) {
        Map<String, String> extended = with(environment, name, value);
        return new DockerCli(
                program, plugins, endpoint, headers, tls, extended, directory, timeout);
    }

    public DockerCli in(Path newDirectory) {
        Optional<Path> present = Optional.of(newDirectory);
        return new DockerCli(
                program, plugins, endpoint, headers, tls, environment, present, timeout);
    }

    public DockerCli withTimeout(Duration newTimeout) {
        return new DockerCli(
                program, plugins, endpoint, headers, tls, environment, directory, newTimeout);
    }

    public CommandResult run(String... arguments) {
        return run(new byte[0], List.of(arguments));
    }

    /** Runs the client to its end; an exit code other than 0 is a result, not an exception. */
    public CommandResult run(byte[] stdin, List<String> arguments) {
        return command(arguments).run(stdin, timeout);
    }

    /**
     * Runs the client to its end and throws away what it prints, however much that is.
     *
     * @return how long it took
     * @throws LabException when it fails or takes too long
     */
    public Duration discard(String... arguments) {
        return command(List.of(arguments)).discard(timeout);
    }

    /** Starts the client and leaves it running, for the caller to close. */
    public RunningCommand start(String... arguments) {
        return command(List.of(arguments)).start();
    }

    private Command command(List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(program.toString());
        line.addAll(List.of("--config", writeConfiguration().toString(), "-H", endpoint));
        if (tls) {
            // The quotes are taken off by the client; client 20.10 crashes on an empty value.
            line.addAll(List.of("--tls", "--tlscacert", "\"\""));
        }
        line.addAll(arguments);
        return new Command(line, environment, directory);
    }

    private Path writeConfiguration() {
        String headerJson =
                headers.entrySet().stream()
                        .map(header -> quote(header.getKey()) + ": " + quote(header.getValue()))
                        .collect(Collectors.joining(", "));
        String pluginJson = plugins.map(path -> quote(path.toString())).orElse("");
        String json =
                "{\"HttpHeaders\": {%s}, \"cliPluginsExtraDirs\": [%s]}"
                        .formatted(headerJson, pluginJson);
        try {
            Path configuration = TemporaryDirectory.create();
            Files.writeString(configuration.resolve("config.json"), json);
            return configuration;
        } catch (IOException e) {
            throw new LabException("Could not write the configuration of " + program, e);
        }
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> extended = new HashMap<>(map);
        extended.put(key, value);
        return extended;
    }

    /** One folder per process, deleted when it ends. */
    private static final class TemporaryDirectory {

        private static final Path ROOT = createRoot();

        static Path create() throws IOException {
            return Files.createTempDirectory(ROOT, "config");
        }

        private static Path createRoot() {
            try {
                Path root = Files.createTempDirectory("host-agent-lab-cli");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
                return root;
            } catch (IOException e) {
                throw new LabException("Could not create a temporary directory", e);
            }
        }

        private static void delete(Path root) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                // Left to whoever cleans the temporary directory.
            }
        }
    }
}
