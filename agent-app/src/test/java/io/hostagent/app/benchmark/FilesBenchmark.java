// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.app.fixture.RunningAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Files through the agent, by curl, beside the same file out of {@code openssl s_server}, by curl.
 * What is written goes to a file in both cases.
 */
final class FilesBenchmark {

    private static final int ENTRIES = 100_000;
    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 1_000;

    private final RunningAgent agent;
    private final Path folder;

    /**
     * Prepares to measure.
     *
     * @param agent that sees the whole host
     * @param folder an empty one, on the file system of the root
     */
    FilesBenchmark(RunningAgent agent, Path folder) {
        this.agent = agent;
        this.folder = folder;
    }

    /**
     * What was measured.
     *
     * @param get rate of a download, relative to the reference
     * @param put rate of an upload, relative to the reference that writes a file
     * @param grown resident memory that both took at their peak, in megabytes
     * @param list seconds for the list of 100,000 files
     * @param listGrown resident memory that it took at its peak, in megabytes
     */
    record Result(double get, double put, double grown, double list, double listGrown) {}

    Result run(int rounds) throws Exception {
        writeFile();
        Path entries = Files.createDirectory(folder.resolve("entries"));
        for (int i = 0; i < ENTRIES; i++) {
            Files.createFile(entries.resolve("a-file-of-some-length-" + i));
        }
        int port = freePort();
        Process reference = reference(port);
        try {
            String there = "https://127.0.0.1:" + port + "/file";
            get(there);
            get("get", "file");
            put();
            long before = rememberPeak();
            double[] direct = new double[rounds];
            double[] got = new double[rounds];
            double[] written = new double[rounds];
            double[] put = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                direct[i] = get(there);
                got[i] = get("get", "file");
                written[i] = curl("-o", folder.resolve("written").toString(), there);
                Files.delete(folder.resolve("written"));
                put[i] = put();
            }
            double grown = (agent.peakResidentBytes() - before) / 1e6;
            get("ls", "entries");
            long beforeList = rememberPeak();
            double list = get("ls", "entries");
            double listGrown = (agent.peakResidentBytes() - beforeList) / 1e6;
            return new Result(
                    median(direct) / median(got),
                    median(written) / median(put),
                    grown,
                    list,
                    listGrown);
        } finally {
            reference.destroy();
        }
    }

    private void writeFile() throws IOException {
        Random random = new Random(1);
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(folder.resolve("file"))) {
            for (int i = 0; i < BLOCKS; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }

    private Process reference(int port) throws Exception {
        exec(
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-subj",
                        "/CN=reference",
                        "-keyout",
                        folder.resolve("key").toString(),
                        "-out",
                        folder.resolve("certificate").toString()));
        Process server =
                new ProcessBuilder(
                                "openssl",
                                "s_server",
                                "-accept",
                                Integer.toString(port),
                                "-cert",
                                "certificate",
                                "-key",
                                "key",
                                "-WWW",
                                "-quiet")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        for (int i = 0; i < 100; i++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return server;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        throw new IllegalStateException("openssl s_server does not listen");
    }

    private double get(String url) throws Exception {
        return curl("-o", "/dev/null", url);
    }

    private double get(String operation, String name) throws Exception {
        return get(agent.uri("/v2/browse/" + operation + "?path=" + path(name)).toString());
    }

    private String path(String name) {
        return "/host" + folder.resolve(name);
    }

    /** A new file each time: one that replaces another waits for the disk. */
    private double put() throws Exception {
        double seconds = upload();
        Files.delete(folder.resolve("put"));
        return seconds;
    }

    private double upload() throws Exception {
        return curl(
                "-o",
                "/dev/null",
                "-F",
                "file=@" + folder.resolve("file") + ";filename=put",
                "-F",
                "Path=/host" + folder,
                agent.uri("/v2/browse/put").toString());
    }

    /** Seconds that curl took. */
    private double curl(String... arguments) throws Exception {
        List<String> line =
                new ArrayList<>(
                        List.of("curl", "-sSk", "--http1.1", "--fail", "-w", "%{time_total}"));
        agent.key()
                .headers()
                .forEach((name, value) -> line.addAll(List.of("-H", name + ": " + value)));
        line.addAll(List.of(arguments));
        return Double.parseDouble(exec(line));
    }

    private static String exec(List<String> line) throws Exception {
        Process process =
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(line + " failed: " + out);
        }
        return out;
    }

    /** Resident bytes now, from which on the peak counts (proc(5), clear_refs). */
    private long rememberPeak() throws IOException {
        Files.writeString(Path.of("/proc/" + agent.pid() + "/clear_refs"), "5");
        return agent.residentBytes();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
