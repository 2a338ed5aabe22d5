// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.RunningCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * A docker client going one of the two ways, and a transcript of everything it printed, with what
 * differs from run to run (IDs, times) replaced.
 */
final class Session {

    private final DockerCli cli;
    private final List<String> transcript = new ArrayList<>();

    Session(DockerCli cli) {
        this.cli = cli;
    }

    DockerCli cli() {
        return cli;
    }

    List<String> transcript() {
        return transcript;
    }

    /** Runs what has to succeed. */
    CommandResult run(String... arguments) {
        return run(new byte[0], arguments);
    }

    /** Runs what has to succeed, with something to read. */
    CommandResult run(byte[] stdin, String... arguments) {
        return attempt(stdin, arguments).orThrow();
    }

    /** Runs what may end as it likes, so long as it does so both ways. */
    CommandResult attempt(String... arguments) {
        return attempt(new byte[0], arguments);
    }

    private CommandResult attempt(byte[] stdin, String... arguments) {
        return note(String.join(" ", arguments), cli.run(stdin, List.of(arguments)));
    }

    /** As {@link #run}, for output whose numbers nobody can foretell. */
    CommandResult runForShape(String... arguments) {
        CommandResult result = cli.run(arguments);
        note(String.join(" ", arguments), shape(result.out()), result);
        return result.orThrow();
    }

    RunningCommand start(String... arguments) {
        return cli.start(arguments);
    }

    CommandResult note(String what, CommandResult result) {
        note(what, normalise(result.out()), result);
        return result;
    }

    void note(String what) {
        transcript.add(normalise(what));
    }

    private void note(String what, String out, CommandResult result) {
        transcript.add("$ " + normalise(what));
        transcript.add("exit status " + result.exitCode());
        transcript.add("stdout: " + out);
        transcript.add("stderr: " + normalise(result.err()));
    }

    static String normalise(String text) {
        return text
                // Client 20.10 says so or not, on the socket too: its goroutines race at the end of
                // a container that could not start.
                .replaceAll(
                        "time=\\S+ level=error msg=\"error waiting for container: [^\"]*\"\\n?", "")
                .replaceAll("\\b[0-9a-f]{64}\\b", "<id>")
                .replaceAll("\\b[0-9a-f]{12}\\b", "<short id>")
                .replaceAll(
                        "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?( ?[Z+-]\\d*(:\\d\\d)?)?( [A-Z]+)?",
                        "<time>")
                .replaceAll("(Less than|About)? ?(an?|\\d+) (second|minute|hour)s?( ago)?", "<ago>")
                .replaceAll("\\b[0-9a-z]{25}\\b", "<id>")
                .replaceAll(":\\d+->", ":<port>->")
                .replaceAll("/out\\d+", "/<folder>")
                .replaceAll(" +", " ");
    }

    private static String shape(String text) {
        return normalise(text).replaceAll("[\\d.]+ ?([kKMG]i?B|B|%)?", "<n>").replaceAll(" +", " ");
    }
}
