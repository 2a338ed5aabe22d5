// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import io.hostagent.core.json.JsonTree;
import io.hostagent.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** The real Prometheus, which scrapes what the agent tells it. */
final class Prometheus implements AutoCloseable {

    /**
     * What it scrapes.
     *
     * @param labels after relabelling
     * @param discovered before it
     * @param health {@code up}, {@code down} or {@code unknown}
     */
    record Target(
            Map<String, String> labels,
            Map<String, String> discovered,
            String health,
            String lastError) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path folder;
    private final int port;

    private Prometheus(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Starts one with the text of its configuration. */
    static Prometheus start(Lab lab, String configuration) throws IOException {
        Path folder = Files.createTempDirectory("prometheus");
        Path file = Files.writeString(folder.resolve("prometheus.yaml"), configuration);
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Process process =
                new ProcessBuilder(
                                lab.program("prometheus").toString(),
                                "--config.file=" + file,
                                "--storage.tsdb.path=" + folder.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Prometheus(process, folder, port);
    }

    /** All that it scrapes; nothing while it is not there yet. */
    List<Target> targets() {
        return JsonTree.list(api("/api/v1/targets?state=active"), "data", "activeTargets").stream()
                .map(
                        item ->
                                new Target(
                                        texts(item, "labels"),
                                        texts(item, "discoveredLabels"),
                                        String.valueOf(JsonTree.text(item, "health")),
                                        String.valueOf(JsonTree.text(item, "lastError"))))
                .toList();
    }

    /** How many series an expression has now. */
    int series(String expression) {
        return JsonTree.list(api("/api/v1/query?query=" + expression), "data", "result").size();
    }

    private @Nullable Object api(String path) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            // It listens before it is ready, and says so in words.
            return answer.statusCode() == 503 ? null : JsonTree.read(answer.body());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> texts(@Nullable Object item, String name) {
        Map<String, String> texts = new TreeMap<>();
        JsonTree.map(item, name).forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return texts;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
