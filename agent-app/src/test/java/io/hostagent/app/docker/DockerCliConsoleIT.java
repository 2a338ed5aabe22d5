// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.RunningCommand;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input, output and terminals of containers behave the same both ways. */
class DockerCliConsoleIT extends OnBothEngines {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void exitStatusAndOutputPass(String client) throws Exception {
        ways().play(
                        client,
                        docker -> {
                            docker.attempt("run", "--rm", WORKLOAD, "sh", "-c", "echo a; exit 3");
                            docker.attempt(
                                    "run", "--rm", WORKLOAD, "sh", "-c", "echo b >&2; exit 4");
                            docker.attempt("run", "--rm", WORKLOAD, "/none");
                            docker.run("run", "-d", "--name", "ex", WORKLOAD, "sleep", "600");
                            docker.run("exec", "ex", "sh", "-c", "exit 0");
                            docker.attempt("exec", "ex", "sh", "-c", "exit 7");
                            docker.attempt("exec", "ex", "/etc");
                            docker.attempt("exec", "ex", "/none");
                            docker.attempt("exec", "ex", "sh", "-c", "none");
                            docker.run("exec", "ex", "sh", "-c", "echo o; echo e >&2");
                            docker.run("exec", "-d", "ex", "true");
                            docker.run("rm", "-f", "ex");
                            docker.attempt("exec", "ex", "true");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void whatIsPrintedAfterTheEndOfInputArrivesWhole(String client) throws Exception {
        byte[] input = "one\ntwo\n".getBytes(UTF_8);
        String program = "cat; sleep 0.5; echo after; yes x | head -c 300000; echo end";
        ways().play(
                        client,
                        docker -> {
                            CommandResult run =
                                    docker.run(
                                            input, "run", "-i", "--rm", WORKLOAD, "sh", "-c",
                                            program);
                            assertThat(run.out()).startsWith("one\ntwo\nafter\n").endsWith("end\n");
                            docker.run("run", "-d", "--name", "ei", WORKLOAD, "sleep", "600");
                            CommandResult exec =
                                    docker.run(input, "exec", "-i", "ei", "sh", "-c", program);
                            assertThat(exec.stdout()).isEqualTo(run.stdout());
                            docker.run("rm", "-f", "ei");
                        });
    }

    @Test
    void fiftyMegabytesOfInputArrive() throws Exception {
        byte[] input = new byte[50_000_000];
        new Random(1).nextBytes(input);
        String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input));
        ways().play(
                        engine(),
                        docker -> {
                            docker.run("run", "-d", "--name", "in", WORKLOAD, "sleep", "600");
                            CommandResult result =
                                    docker.run(input, "exec", "-i", "in", "sha256sum");
                            assertThat(result.out()).startsWith(sum);
                            docker.run("rm", "-f", "in");
                        });
    }

    @Test
    void aHundredMegabytesOfOutputArrive() {
        String program = "dd if=/dev/zero bs=1000000 count=100 2>/dev/null | tr '\\0' x; echo end";
        CommandResult result =
                ways().relayed(engine()).run("run", "--rm", WORKLOAD, "sh", "-c", program);
        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout()).hasSize(100_000_004).endsWith("xend\n".getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void aTerminalHasItsSizeAndFollowsAResize(String client) throws Exception {
        ways().play(
                        client,
                        docker -> {
                            Terminal terminal = new Terminal(folder);
                            try (RunningCommand run =
                                    terminal.around(docker.cli())
                                            .start("run", "-it", "--rm", WORKLOAD, "sh")) {
                                type(run, "tty; echo $((6*7))", "42");
                                await(run, "stty size", "33 111");
                                terminal.resize(50, 120);
                                await(run, "stty size", "50 120");
                                run.send("exit 9\n");
                                docker.note("run -it", withoutScreen(run.await(LIMIT)));
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void aTerminalInARunningContainerWorks(String client) throws Exception {
        ways().play(
                        client,
                        docker -> {
                            docker.run("run", "-d", "--name", "tt", WORKLOAD, "sleep", "600");
                            Terminal terminal = new Terminal(folder);
                            try (RunningCommand run =
                                    terminal.around(docker.cli())
                                            .start("exec", "-it", "tt", "sh")) {
                                type(run, "echo $((6*7))", "42");
                                await(run, "stty size", "33 111");
                                terminal.resize(51, 121);
                                await(run, "stty size", "51 121");
                                run.send("exit 8\n");
                                docker.note("exec -it", withoutScreen(run.await(LIMIT)));
                            }
                            docker.run("rm", "-f", "tt");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void attachReadsWritesAndEnds(String client) throws Exception {
        String program = "while read l && [ $l != end ]; do echo got $l; done; echo bye; exit 5";
        ways().play(
                        client,
                        docker -> {
                            docker.run(
                                    "run", "-d", "-i", "--name", "at", WORKLOAD, "sh", "-c",
                                    program);
                            try (RunningCommand attach = docker.start("attach", "at")) {
                                attach.send("x\n");
                                attach.awaitOut(out -> out.contains("got x"), LIMIT);
                                attach.send("y\nend\n");
                                docker.note("attach", attach.await(LIMIT));
                            }
                            docker.run("wait", "at");
                            docker.run("logs", "at");
                            docker.run("rm", "at");
                        });
    }

    @Test
    void aRunThatIsInterruptedEndsItsContainer() throws Exception {
        ways().play(
                        engine(),
                        docker -> {
                            String program =
                                    "trap 'echo caught; exit 6' TERM; echo up; while :; do sleep 0.1; done";
                            try (RunningCommand run =
                                    docker.start(
                                            "run", "--rm", "--name", "sp", WORKLOAD, "sh", "-c",
                                            program)) {
                                run.awaitOut(out -> out.contains("up"), LIMIT);
                                // Not Process.destroy, which would close the client's output too.
                                run.process().toHandle().destroy();
                                docker.note("run", run.await(LIMIT));
                            }
                        });
    }

    private static void type(RunningCommand run, String line, String answer) throws Exception {
        OutputStream keys = run.stdin();
        keys.write((line + "\n").getBytes(UTF_8));
        keys.flush();
        run.awaitOut(out -> out.contains(answer), LIMIT);
    }

    /** The size travels beside the stream, so it is asked for until it is there. */
    private static void await(RunningCommand run, String line, String answer) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> {
                            run.send(line + "\n");
                            return run.out().contains(answer);
                        });
    }

    /** What a terminal showed depends on timing; how the client ended does not. */
    private static CommandResult withoutScreen(CommandResult result) {
        assertThat(result.out()).contains("42");
        return new CommandResult(
                result.exitCode(), new byte[0], result.stderr(), result.duration());
    }
}
