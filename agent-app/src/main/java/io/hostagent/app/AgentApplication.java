// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.app.command.AgentCommands;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.settings.SettingsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** The agent: without arguments (or with {@code serve}) it serves, with others it is a command. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AgentApplication {

    /** Starts what the arguments ask for; ends the process after a command or a refused start. */
    public static void main(String[] args) {
        if (args.length > 0 && !args[0].equals("serve")) {
            PrintWriter out = new PrintWriter(System.out, true, UTF_8);
            PrintWriter err = new PrintWriter(System.err, true, UTF_8);
            System.exit(AgentCommands.run(args, out, err));
        }
        try {
            serve(new SettingsReader(System::getenv).read());
        } catch (SettingsException e) {
            System.err.println("The agent cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void serve(AgentSettings settings) {
        // What a serving agent says is for the operator, on standard error; standard output belongs
        // to the commands.
        System.setOut(System.err);
        // Spring Boot would load Jackson's databinding ahead, and most agents never need it.
        System.setProperty("spring.backgroundpreinitializer.ignore", "true");
        SpringApplication application = new SpringApplication(AgentApplication.class);
        application.setDefaultProperties(LogProperties.of(settings.log(), onTerminal()));
        application.run();
    }

    /** The JDK tells this of standard input and output only. */
    private static boolean onTerminal() {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return file.startsWith("/dev/pts/")
                    || file.startsWith("/dev/tty")
                    || file.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
