// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import io.hostagent.lab.DockerCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Puts a docker client on a pseudo terminal of a known size, by {@code script} of bsdutils. */
final class Terminal {

    private final Path folder;
    private final Path device;

    Terminal(Path folder) {
        this.folder = folder;
        this.device = folder.resolve("device");
    }

    /** The client as it behaves for somebody who sits at a terminal of 33 rows and 111 columns. */
    DockerCli around(DockerCli cli) throws IOException {
        Path program = Files.createTempFile(folder, "docker", ".sh");
        Files.writeString(
                program,
                """
                #!/bin/bash
                line=$(printf '%%q ' '%s' "$@")
                exec script -qec "tty > '%s'; stty rows 33 cols 111; exec $line" /dev/null
                """
                        .formatted(cli.program(), device));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new DockerCli(
                program,
                cli.plugins(),
                cli.endpoint(),
                cli.headers(),
                cli.tls(),
                cli.environment(),
                cli.directory(),
                cli.timeout());
    }

    /** Makes the terminal's window another size, which tells the client so by a signal. */
    void resize(int rows, int columns) throws Exception {
        Process stty =
                new ProcessBuilder(
                                "stty",
                                "-F",
                                Files.readString(device).strip(),
                                "rows",
                                String.valueOf(rows),
                                "cols",
                                String.valueOf(columns))
                        .start();
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !stty.isAlive());
    }
}
