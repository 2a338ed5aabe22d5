// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code agent version}. */
@Command(name = "version", description = "Shows the agent's version.")
final class VersionCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        spec.commandLine().getOut().println("agent " + version());
        return AgentCommands.DONE;
    }

    /** The version that the build noted down; there is none in an IDE. */
    private static String version() throws IOException {
        Properties build = new Properties();
        try (@Nullable InputStream in =
                VersionCommand.class.getResourceAsStream("/META-INF/build-info.properties")) {
            if (in != null) {
                build.load(in);
            }
        }
        return build.getProperty("build.version", "of an unknown build");
    }
}
