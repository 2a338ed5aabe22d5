// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bus of the test's own, where D-Bus is installed. */
final class RealBus {

    private static final Path PROGRAM = Path.of("/usr/bin/dbus-daemon");

    private RealBus() {}

    /** Starts one, which listens when this returns. */
    static Process start(Path socket) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "there is no " + PROGRAM);
        Path config = socket.resolveSibling("bus.conf");
        Files.writeString(
                config,
                """
                <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                <busconfig>
                  <listen>unix:path=%s</listen>
                  <policy context="default">
                    <allow user="*"/>
                    <allow send_destination="*" eavesdrop="true"/>
                    <allow eavesdrop="true"/>
                  </policy>
                </busconfig>
                """
                        .formatted(socket));
        Process process =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "--config-file=" + config,
                                "--nofork",
                                "--print-address")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader out = process.inputReader();
        if (out.readLine() == null) {
            throw new IOException("the bus has ended");
        }
        return process;
    }
}
