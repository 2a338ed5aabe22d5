// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * An engine of the lab with the base images on it, and a docker client for it.
 *
 * @param client the docker client of the engine's version
 * @param socket the engine's socket
 * @param address where ports of its containers are published
 * @param environment variables of the client
 */
record Engine(String client, String socket, String address, Map<String, String> environment) {

    private static final Map<String, Engine> STARTED = new ConcurrentHashMap<>();

    /** What a command printed, and how it ended. */
    record Result(int status, String output) {}

    /** The lab's engine of a version, started on first use; {@code lab down} takes it away. */
    static Engine ofLab(String version) {
        return STARTED.computeIfAbsent(version, Engine::start);
    }

    private static Engine start(String version) {
        String lab = projectRoot().resolve("test-lab/lab").toString();
        String name = "image" + version;
        // NAME ADDRESS SOCKET VERSION PID
        Scanner host = new Scanner(lab(lab, "host", "start", name, "--engine", version, "--reuse"));
        host.next();
        String address = host.next();
        String socket = "unix://" + host.next();
        lab(lab, "base-image", name);
        return new Engine(lab(lab, "cli", version), socket, address, Map.of());
    }

    private static String lab(String... command) {
        return check(List.of(command), execute(List.of(command), Map.of()))
                .lines()
                .reduce((first, last) -> last)
                .orElse("");
    }

    static Path projectRoot() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(folder -> Files.exists(requireNonNull(folder).resolve("Dockerfile")))
                .findFirst()
                .orElseThrow();
    }

    Engine withEnvironment(String name, String value) {
        Map<String, String> extended = new HashMap<>(environment);
        extended.put(name, value);
        return new Engine(client, socket, address, extended);
    }

    Result run(String... arguments) {
        return execute(command(arguments), environment);
    }

    String succeed(String... arguments) {
        return check(command(arguments), run(arguments));
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(client, "-H", socket));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String check(List<String> command, Result result) {
        if (result.status() != 0) {
            throw new AssertionError(String.join(" ", command) + ":\n" + result.output());
        }
        return result.output();
    }

    private static Result execute(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
