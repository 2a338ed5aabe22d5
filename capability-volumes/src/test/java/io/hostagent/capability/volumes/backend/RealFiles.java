// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A folder in which tests mount what they like. Closing it unmounts it all, gives loop devices back
 * and deletes the rest, also after a test that failed half-way.
 */
final class RealFiles implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path folder;

    private RealFiles(Path folder) {
        this.folder = folder;
    }

    /** Aborts the test when it cannot be had here. */
    static RealFiles make(String... programs) throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "mounting needs root");
        for (String program : programs) {
            Assumptions.assumeTrue(isThere(program), program + " is not installed");
        }
        RealFiles files = new RealFiles(Files.createTempDirectory("volumes").toRealPath());
        Path probe = files.folder("probe");
        Assumptions.assumeTrue(
                attempt("mount", "-t", "tmpfs", "none", probe.toString()).isEmpty(),
                "this root may not mount");
        run("umount", probe.toString());
        return files;
    }

    private static boolean isThere(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /** A folder of that name, made when there is none. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** A file with a file system in it, mounted. */
    Path mounted(String name, String size, String... mkfs) throws IOException {
        Path image = folder.resolve(name + ".img");
        run("truncate", "-s", size, image.toString());
        String[] command = java.util.Arrays.copyOf(mkfs, mkfs.length + 1);
        command[mkfs.length] = image.toString();
        run(command);
        Path point = folder(name);
        run("mount", "-o", "loop", image.toString(), point.toString());
        return point;
    }

    /** Runs a program that has to succeed, and gives what it writes. */
    static String run(String... command) throws IOException {
        Path output = Files.createTempFile("volumes", ".output");
        try {
            int exit = start(output, command);
            String text = Files.readString(output);
            assertThat(exit).as("%s: %s", String.join(" ", command), text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /** Runs a program and gives what it complains of when it fails. */
    static Optional<String> attempt(String... command) throws IOException {
        Path output = Files.createTempFile("volumes", ".output");
        try {
            return start(output, command) == 0
                    ? Optional.empty()
                    : Optional.of(new String(Files.readAllBytes(output), UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    private static int start(Path output, String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** Where something below this folder is mounted. */
    List<String> mounts() throws IOException {
        return Mount.read(Path.of("/proc/self/mountinfo")).stream()
                .map(Mount::point)
                .filter(point -> point.startsWith(folder + "/"))
                .toList();
    }

    /** The loop devices that have a file below this folder. */
    List<String> loops() throws IOException {
        return run("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE")
                .lines()
                .filter(line -> line.contains(" " + folder + "/"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (String point : mounts().reversed()) {
            attempt("fsfreeze", "-u", point);
            if (attempt("umount", point).isPresent()) {
                run("umount", "--lazy", point);
            }
        }
        for (String loop : loops()) {
            attempt("losetup", "-d", loop);
        }
        run("rm", "-rf", "--one-file-system", folder.toString());
    }
}
