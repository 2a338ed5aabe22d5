// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import io.hostagent.app.fixture.TestKey;
import io.hostagent.core.fixture.TrustAll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** The agent within the test's own process, on a free port and without an engine. */
final class TestContext implements AutoCloseable {

    private final TestKey key = TestKey.create();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .sslContext(TrustAll.context())
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
    private final ConfigurableApplicationContext context;
    private final Path data;
    private final int port;

    private TestContext(ConfigurableApplicationContext context, Path data, int port) {
        this.context = context;
        this.data = data;
        this.port = port;
    }

    /** Starts it with variables such as {@code CAP_METRICS=1}. */
    static TestContext start(String... variables) {
        try {
            Path data = Files.createTempDirectory("agent-context");
            int port;
            try (ServerSocket socket = new ServerSocket(0)) {
                port = socket.getLocalPort();
            }
            List<String> arguments = new ArrayList<>();
            arguments.add("--AGENT_HOST=127.0.0.1");
            arguments.add("--AGENT_PORT=" + port);
            arguments.add("--DATA_PATH=" + data);
            arguments.add("--DOCKER_HOST=unix://" + data.resolve("docker.sock"));
            arguments.add("--VOLUMES_PATH=" + data.resolve("volumes"));
            arguments.add("--VOLUMES_PLUGIN_PATH=" + data.resolve("plugins"));
            for (String variable : variables) {
                arguments.add("--" + variable);
            }
            SpringApplication application = new SpringApplication(AgentApplication.class);
            application.setRegisterShutdownHook(false);
            return new TestContext(application.run(arguments.toArray(String[]::new)), data, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    Path data() {
        return data;
    }

    /** The headers of a caller who may do everything. */
    Map<String, String> signed() {
        return key.headers();
    }

    HttpResponse<String> send(String method, String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .method(method, BodyPublishers.noBody());
        headers.forEach(request::header);
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        http.close();
        try {
            FileSystemUtils.deleteRecursively(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
