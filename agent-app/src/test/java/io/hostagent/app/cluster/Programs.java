// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Tests' own programs, which run in processes of their own. */
final class Programs {

    private Programs() {}

    /** The command that runs a class that needs nothing but the JDK and its own package. */
    static List<String> java(Class<?> program) {
        try {
            Path classes =
                    Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classes.toString(),
                    program.getName());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
