// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import io.hostagent.core.settings.AgentVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code agent version}. */
@Command(name = "version", description = "Shows the agent's version.")
final class VersionCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().getOut().println("agent " + AgentVersion.read());
        return AgentCommands.DONE;
    }
}
