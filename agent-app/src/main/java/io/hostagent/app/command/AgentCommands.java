// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import io.hostagent.core.settings.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The commands of the agent. An error is one line on standard error. */
public final class AgentCommands {

    /** Done. */
    static final int DONE = 0;

    /** Understood, but not possible. */
    static final int FAILED = 1;

    /** Not understood. */
    static final int MISUSED = 2;

    private AgentCommands() {}

    /**
     * Runs a command.
     *
     * @return the exit code: 0 done, 1 failed, 2 not understood
     */
    public static int run(String[] args, PrintWriter out, PrintWriter err) {
        return run(args, System::getenv, out, err);
    }

    static int run(
            String[] args,
            Function<String, @Nullable String> variables,
            PrintWriter out,
            PrintWriter err) {
        DataFolder folder = new DataFolder(variables);
        CommandLine line =
                new CommandLine(new Agent(folder))
                        .addSubcommand(new TokenCommand(folder))
                        .addSubcommand(new TrustCommand(folder, variables))
                        .addSubcommand("volumes", VolumesCommand.of(new VolumesConsole(variables)))
                        .addSubcommand(new VersionCommand())
                        .addSubcommand(new HelpCommand())
                        .setOut(out)
                        .setErr(err)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setExecutionExceptionHandler(AgentCommands::failed)
                        .setParameterExceptionHandler(AgentCommands::misused);
        int code = line.execute(args);
        out.flush();
        err.flush();
        return code;
    }

    private static int failed(Exception failure, CommandLine line, @Nullable ParseResult parsed)
            throws Exception {
        String message =
                switch (failure) {
                    case AccessDeniedException e -> "no permission to use " + e.getFile();
                    case SettingsException e -> e.getMessage();
                    case IOException e -> e.getMessage();
                    case IllegalArgumentException e -> e.getMessage();
                    case Exception e -> throw e;
                };
        return say(line, message, FAILED);
    }

    private static int misused(ParameterException failure, String[] args) {
        CommandLine line = failure.getCommandLine();
        String message =
                "%s (see: %s --help)"
                        .formatted(failure.getMessage(), line.getCommandSpec().qualifiedName(" "));
        return say(line, message, MISUSED);
    }

    private static int say(CommandLine line, @Nullable String message, int code) {
        line.getErr().println("agent: " + String.valueOf(message).replaceAll("\\R\\s*", " "));
        return code;
    }

    /** The command that all others are part of; its options go with each of them. */
    @Command(
            name = "agent",
            description = "Works on the data folder of an agent, or calls the agent that runs.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Agent {

        private final DataFolder folder;

        @SuppressWarnings("unused") // Set and read by picocli.
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = ScopeType.INHERIT,
                description = "Shows this help.")
        private boolean help;

        Agent(DataFolder folder) {
            this.folder = folder;
        }

        @Option(
                names = "--data",
                paramLabel = "PATH",
                scope = ScopeType.INHERIT,
                description = "The agent's data folder; otherwise DATA_PATH, or else /data.")
        void choose(Path path) {
            folder.choose(path);
        }
    }
}
