// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.UnixServer;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.RunningCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images are built, and projects and stacks are run, through the agent as on the socket. */
class DockerCliBuildIT extends OnBothEngines {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @BeforeEach
    void writeProject() throws Exception {
        byte[] payload = new byte[3_000_000];
        new Random(4).nextBytes(payload);
        Files.write(folder.resolve("payload"), payload);
        Files.writeString(
                folder.resolve("Dockerfile"),
                """
                FROM lab/workload:1
                ARG WORD=none
                COPY payload /payload
                RUN ["/bin/busybox", "sha256sum", "/payload"]
                RUN ["/bin/sh", "-c", "echo $WORD > /word"]
                """);
        Files.writeString(
                folder.resolve("compose.yaml"),
                """
                name: parity
                services:
                  one:
                    image: lab/workload:1
                    command: ["sh", "-c", "echo one is up; exec sleep 600"]
                    volumes: ["data:/data"]
                  two:
                    image: lab/workload:1
                    command: ["sh", "-c", "echo two is up; exec sleep 600"]
                    depends_on: [one]
                volumes:
                  data: {}
                """);
        Files.writeString(
                folder.resolve("stack.yaml"),
                """
                version: "3.7"
                services:
                  web:
                    image: lab/workload:1
                    command: ["sh", "-c", "echo web is up; exec sleep 600"]
                    deploy: {replicas: 2, endpoint_mode: dnsrr}
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26"})
    void theClassicBuilderBuilds(String client) throws Exception {
        ways().play(
                        client,
                        docker -> {
                            build(docker, "DOCKER_BUILDKIT", "0", "build", "--no-cache");
                            DockerCli classic =
                                    docker.cli().withEnvironment("DOCKER_BUILDKIT", "0");
                            String none = folder.resolve("none").toString();
                            docker.note(
                                    "no file", classic.run("build", "-f", none, folder.toString()));
                        });
    }

    /** The client of 20.10 carries a BuildKit client of its own, and works with both engines. */
    @Test
    void buildKitBuildsOverItsSession() throws Exception {
        DockerCli client = ways().relayed("20").withTimeout(LIMIT);
        CommandResult result =
                build(new Session(client), "DOCKER_BUILDKIT", "1", "build", "--progress", "plain");
        assertThat(result.err()).contains("RUN [\"/bin/busybox\"");
    }

    /** buildx does not send the headers of the docker configuration, so a forwarder signs. */
    @Test
    void buildxBuildsWithTheEngineAsItsDriver() throws Exception {
        Path socket = folder.resolve("signing.sock");
        try (UnixServer forwarder = SigningForwarder.to(ways().agent(), socket)) {
            DockerCli client = ways().direct("26").at("unix://" + socket).withTimeout(LIMIT);
            CommandResult result =
                    build(new Session(client), "A", "b", "buildx", "build", "--progress", "plain");
            assertThat(result.err()).contains("RUN [\"/bin/busybox\"");
            assertThat(forwarder).isNotNull();
        }
    }

    private CommandResult build(Session docker, String variable, String value, String... command) {
        Session here = new Session(docker.cli().in(folder).withEnvironment(variable, value));
        String[] options = {"-t", "parity/built:1", "--build-arg", "WORD=built", "--no-cache", "."};
        String[] line = new String[command.length + options.length];
        System.arraycopy(command, 0, line, 0, command.length);
        System.arraycopy(options, 0, line, command.length, options.length);
        CommandResult result = here.run(line).orThrow();
        docker.run("run", "--rm", "parity/built:1", "cat", "/word");
        docker.run("run", "--rm", "parity/built:1", "sha256sum", "/payload");
        docker.run("rmi", "parity/built:1");
        assertThat(docker.transcript()).contains("stdout: built\n");
        return result;
    }

    @Test
    void composeRunsAProject() throws Exception {
        ways().play(
                        "26",
                        docker -> {
                            DockerCli cli = docker.cli().in(folder).withTimeout(LIMIT);
                            cli.run("compose", "up", "-d").orThrow();
                            CommandResult exec =
                                    cli.run("compose", "exec", "-T", "two", "sh", "-c", "exit 3");
                            docker.note("exec " + exec.exitCode());
                            try (RunningCommand logs =
                                    cli.start("compose", "logs", "--no-color", "-f")) {
                                logs.awaitOut(
                                        out ->
                                                out.contains("one is up")
                                                        && out.contains("two is up"),
                                        LIMIT);
                            }
                            docker.note(
                                    cli.run("compose", "ps", "--services", "--status", "running")
                                            .orThrow()
                                            .out());
                            cli.run("compose", "down", "-v", "-t", "0").orThrow();
                            docker.note(cli.run("compose", "ps", "-aq").orThrow().out());
                        });
    }

    @Test
    void aSwarmRunsAStack() throws Exception {
        Session direct = new Session(ways().direct(engine()));
        direct.run("swarm", "init", "--advertise-addr", host().address()).orThrow();
        try {
            ways().play(engine(), this::stack);
        } finally {
            direct.run("swarm", "leave", "--force").orThrow();
        }
    }

    private void stack(Session docker) {
        DockerCli cli = docker.cli().in(folder).withTimeout(LIMIT);
        cli.run("stack", "deploy", "--resolve-image", "never", "-c", "stack.yaml", "ps").orThrow();
        Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () ->
                                cli.run("service", "ls", "--format", "{{.Name}} {{.Replicas}}")
                                        .out()
                                        .equals("ps_web 2/2\n"));
        docker.run("stack", "services", "--format", "{{.Name}} {{.Mode}} {{.Image}}", "ps");
        docker.run("service", "ps", "--format", "{{.Name}} {{.DesiredState}}", "ps_web");
        docker.run("node", "ls", "--format", "{{.Hostname}} {{.Status}} {{.ManagerStatus}}");
        docker.note(cli.run("service", "logs", "--raw", "ps_web").orThrow().out());
        docker.run("secret", "create", "parity-s", folder.resolve("stack.yaml").toString());
        docker.run("secret", "rm", "parity-s");
        cli.run("stack", "rm", "ps").orThrow();
        Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () ->
                                cli.run("network", "ls", "-q", "--filter", "name=ps_")
                                        .out()
                                        .isEmpty());
        docker.run("service", "ls");
    }
}
