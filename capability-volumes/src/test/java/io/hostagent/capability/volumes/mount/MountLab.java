// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A file system of a test's own with one volume on it, whose mounts spread, and processes with
 * mount namespaces of their own. All of it goes when it is closed; the processes also with that of
 * the test, since they read what it writes to them until that ends.
 */
final class MountLab {

    final UUID id = UUID.randomUUID();
    final Path base;
    final Path tree;
    final Path point;
    private final List<Process> processes = new ArrayList<>();

    MountLab() throws Exception {
        base = Files.createTempDirectory("mount-lab").toRealPath();
        run("mount", "-t", "tmpfs", "lab", base.toString());
        run("mount", "--make-shared", base.toString());
        tree = base.resolve("pool/" + id + "/tree");
        point = base.resolve("mounts/" + id);
        Files.createDirectories(tree.resolve("_data"));
        Files.writeString(tree.resolve(".volume-id"), id + "\n");
        Files.createDirectories(point);
        Files.createDirectories(base.resolve("elsewhere"));
    }

    void mount() throws Exception {
        run("mount", "--bind", tree.toString(), point.toString());
    }

    Target target() throws IOException {
        return Target.of(tree, point);
    }

    /** A process with a namespace of its own, in which a script of the shell was run. */
    Process inNamespace(String propagation, String script) throws Exception {
        return start(
                List.of(
                        "unshare",
                        "--mount",
                        "--propagation",
                        propagation,
                        "sh",
                        "-ec",
                        script + "\necho ready\nexec cat"));
    }

    /** A process with a namespace of its own that listens on a socket, as an engine does. */
    Process engine(String propagation, String script, Path socket) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path source = base.resolve("Listener.java");
        Files.writeString(
                source,
                """
                void main(String[] socket) throws Exception {
                    var server = java.nio.channels.ServerSocketChannel.open(
                            java.net.StandardProtocolFamily.UNIX);
                    server.bind(java.net.UnixDomainSocketAddress.of(socket[0]));
                    System.out.println("ready");
                    System.in.read();
                }
                """);
        return start(
                List.of(
                        "unshare",
                        "--mount",
                        "--propagation",
                        propagation,
                        "sh",
                        "-ec",
                        script
                                + "\nexec "
                                + java
                                + " -XX:TieredStopAtLevel=1 "
                                + source
                                + " "
                                + socket));
    }

    private Process start(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.add(process);
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))
                        .readLine();
        if (!"ready".equals(line)) {
            throw new IOException("It said " + line);
        }
        return process;
    }

    static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    void close() throws Exception {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        run("umount", "--recursive", "--lazy", base.toString());
        Files.delete(base);
    }
}
