// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/**
 * How a command ended.
 *
 * @param exitCode its exit code, 128 + signal if a signal ended it
 * @param stdout everything it wrote to its standard output
 * @param stderr everything it wrote to its standard error
 * @param duration from its start until its end
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; output may be binary
public record CommandResult(int exitCode, byte[] stdout, byte[] stderr, Duration duration) {

    public String out() {
        return new String(stdout, UTF_8);
    }

    public String err() {
        return new String(stderr, UTF_8);
    }

    public boolean succeeded() {
        return exitCode == 0;
    }

    /** Returns this result if the command succeeded, and throws with its output otherwise. */
    public CommandResult orThrow() {
        if (!succeeded()) {
            throw new LabException("Exit code " + exitCode + "\n" + err() + out());
        }
        return this;
    }

    @Override
    public String toString() {
        return "exit code " + exitCode + " after " + duration + "\n" + err() + out();
    }
}
