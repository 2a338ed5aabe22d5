// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agent help}. picocli's own knows one level of commands; there are two. */
@Command(name = "help", description = "Shows what a command does.")
final class HelpCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "COMMAND", description = "Such as: token create.")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        CommandLine command = spec.root().commandLine();
        for (String word : words) {
            command = command.getSubcommands().get(word);
            if (command == null) {
                throw new ParameterException(spec.commandLine(), "there is no command " + word);
            }
        }
        command.usage(spec.commandLine().getOut());
        return AgentCommands.DONE;
    }
}
