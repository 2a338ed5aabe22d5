// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Starts programs, and nothing else in the agent does. A program is one of {@link Tool}, is looked
 * for in the system's folders alone, and gets its arguments as a list: there is no shell that would
 * read them. It inherits nothing: its environment is a search path and the plain locale, its input
 * is empty, its folder is the root.
 *
 * <p>Whatever is not the agent's own word goes behind {@code --} in the arguments, where a program
 * knows that.
 */
public final class Tools {

    /** For what does not touch the bytes of volumes. */
    public static final Duration QUICK = Duration.ofMinutes(2);

    /** For what copies or deletes them, or looks at each file. */
    public static final Duration LONG = Duration.ofHours(12);

    private static final List<Path> SYSTEM =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin"));

    /** For a program that was killed to be gone; one that waits for a dead disk never is. */
    private static final Duration DEATH = Duration.ofSeconds(5);

    private static final File NOTHING = new File("/dev/null");

    private final List<Path> folders;

    /** The programs of this system. */
    public Tools() {
        this(SYSTEM);
    }

    /** Programs of some folders. */
    public Tools(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** Says what is missing of some programs, and what to do; empty when all are there. */
    public Optional<String> missing(Tool... tools) {
        return Arrays.stream(tools)
                .filter(tool -> find(tool).isEmpty())
                .map(Tool::absence)
                .findFirst();
    }

    /** Runs a program that is {@link #QUICK} and gives what it wrote, up to 64 KiB. */
    public String run(Tool tool, String... arguments) throws IOException {
        return run(QUICK, tool, arguments);
    }

    /**
     * Runs a program and gives what it wrote, up to 64 KiB.
     *
     * @param limit after which it is killed
     * @throws ToolException when it is not there, fails, or takes longer
     */
    public String run(Duration limit, Tool tool, String... arguments) throws IOException {
        Process process = launch(tool, List.of(arguments));
        return finish(limit, tool, process, process.getErrorStream());
    }

    /**
     * Runs {@code cp}, which a {@link CopyWatch} sees.
     *
     * @param limit after which it is killed
     * @param total bytes that there are to copy, or {@link CopyWatch#UNKNOWN}
     */
    public void copy(Duration limit, long total, String... arguments) throws IOException {
        Process process = launch(Tool.CP, List.of(arguments));
        CopyWatch.began(process, total);
        try {
            finish(limit, Tool.CP, process, process.getErrorStream());
        } finally {
            CopyWatch.ended();
        }
    }

    /**
     * Runs {@code cp}, which goes on when something fails, and has succeeded nevertheless when it
     * complained of what does not matter alone.
     *
     * @param forgiven the end of the lines with such complaints
     */
    public void copyForgiving(Duration limit, String forgiven, String... arguments)
            throws IOException {
        Process process = launch(Tool.CP, List.of(arguments));
        Complaints complaints = new Complaints(process.getErrorStream(), forgiven);
        CopyWatch.began(process, CopyWatch.UNKNOWN);
        try {
            finish(limit, Tool.CP, process, complaints);
        } catch (ToolException e) {
            if (e.exit() != 1 || !e.complaint().isEmpty() || !complaints.hasForgiven()) {
                throw e;
            }
        } finally {
            CopyWatch.ended();
        }
    }

    private static String finish(Duration limit, Tool tool, Process process, InputStream complaints)
            throws IOException {
        try {
            CappedText output = new CappedText(process.getInputStream());
            CappedText complaint = new CappedText(complaints);
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ToolException.of(overdue(tool, limit, process));
            }
            if (process.exitValue() != 0) {
                throw ToolException.failed(tool, process.exitValue(), complaint.text());
            }
            return output.text();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(tool.program() + " was not waited for");
        } finally {
            end(process);
        }
    }

    /**
     * Starts a program whose output is read while it runs, for as long as that takes. The stream
     * has to be closed, which ends the program; its end is only reached when the program succeeded.
     */
    public InputStream start(Tool tool, List<String> arguments) throws IOException {
        return new ToolOutput(tool, launch(tool, arguments));
    }

    private Process launch(Tool tool, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(find(tool).orElseThrow(() -> ToolException.of(tool.absence())).toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(new File("/"))
                        .redirectInput(ProcessBuilder.Redirect.from(NOTHING));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("LC_ALL", "C");
        environment.put(
                "PATH", folders.stream().map(Path::toString).collect(Collectors.joining(":")));
        try {
            return builder.start();
        } catch (IOException e) {
            throw ToolException.of(tool.program() + " could not be started: " + e.getMessage());
        }
    }

    private Optional<Path> find(Tool tool) {
        return folders.stream()
                .map(folder -> folder.resolve(tool.program()))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String overdue(Tool tool, Duration limit, Process process)
            throws InterruptedException {
        end(process);
        String text = tool.program() + " did not end within " + limit.toSeconds() + " s";
        return process.waitFor(DEATH.toNanos(), TimeUnit.NANOSECONDS)
                ? text + " and was killed"
                : text + " and cannot be killed: the disk it waits for does not answer";
    }

    /** Kills a program and what it has started. */
    static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
