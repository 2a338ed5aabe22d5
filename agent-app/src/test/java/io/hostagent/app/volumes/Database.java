// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import io.hostagent.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * SQLite in containers: Debian's, which finds the libraries that it needs in {@code /usr} of a host
 * with engine 26.
 */
final class Database {

    private static final long FETCH_SECONDS = 180;

    /** The program with what it needs, below {@code /sq}. */
    private static final String PROGRAM =
            "exec /usr/lib*/ld-linux* --library-path"
                    + " $(echo /sq/lib/*-linux-gnu):$(echo /usr/lib/*-linux-gnu)"
                    + " /sq/bin/sqlite3 /d/test.db \"$0\"";

    private Database() {}

    /** Gets the program from Debian; the options of a host whose containers shall use it. */
    static String[] fetched() {
        try {
            Path folder = Files.createTempDirectory("sqlite");
            Process fetch =
                    new ProcessBuilder(
                                    Lab.open().script().toString(),
                                    "fetch",
                                    folder.toString(),
                                    "sqlite3")
                            .inheritIO()
                            .start();
            if (!fetch.waitFor(FETCH_SECONDS, TimeUnit.SECONDS) || fetch.exitValue() != 0) {
                throw new IllegalStateException("SQLite could not be fetched");
            }
            return new String[] {"--bind", folder + ":/opt/sqlite"};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs statements in a new container with the volume; what they print. */
    static String run(VolumesAgent agent, String volume, String statements) {
        return agent.dockerOk(
                "run",
                "--rm",
                "--network=none",
                "--volume=/usr:/usr:ro",
                "--volume=/opt/sqlite/usr:/sq:ro",
                "--volume-driver=" + agent.driver(),
                "--volume=" + volume + ":/d",
                VolumesAgent.IMAGE,
                "sh",
                "-c",
                PROGRAM,
                statements);
    }
}
