// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.event.EventRing;
import io.hostagent.capability.volumes.fixture.MemoryVolumes;
import io.hostagent.capability.volumes.operation.Operations;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.PlainServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/** The calls of volumes on a port of a test's own. */
final class TestApi implements AutoCloseable {

    /** An answer. */
    record Answer(int status, HttpResponse<String> response) {

        @Nullable Object json() {
            return JsonTree.read(response.body());
        }

        String text(String... path) {
            return String.valueOf(JsonTree.text(json(), path));
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    final MemoryVolumes volumes;
    final EventRing events = new EventRing(Clock.systemUTC());
    final Operations operations = new Operations(Clock.systemUTC());
    final DiskThreads disk = new DiskThreads("test-disk-", 8);
    final VolumeApi api;
    private final LoopResources loops = LoopResources.create("test", 2, true);
    private final DisposableServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestApi(Path files, TarSource tar) {
        volumes = new MemoryVolumes(files);
        api =
                new VolumeApi(
                        new Backing(
                                volumes,
                                events,
                                operations,
                                new Sources(files),
                                tar,
                                new Diagnostics(
                                        List.of(
                                                new Diagnostics.Part(
                                                        "more.txt", () -> "more".getBytes(UTF_8)),
                                                new Diagnostics.Part(
                                                        "broken.txt",
                                                        () -> {
                                                            throw new IOException("no such");
                                                        }))),
                                disk,
                                Clock.systemUTC()));
        Caller root = new Caller("test", Scope.ADMIN);
        server =
                PlainServer.of(
                                new AuditLog(),
                                300,
                                (path, request, response) ->
                                        api.answer(
                                                new Exchange(
                                                        request,
                                                        response,
                                                        root,
                                                        path,
                                                        file -> {},
                                                        () -> {})))
                        .host("127.0.0.1")
                        .port(0)
                        .runOn(loops)
                        .bindNow();
    }

    private record Sources(Path files) implements ImportSources {

        @Override
        public Path localVolume(String name) {
            if (!name.equals("old")) {
                throw CallerException.notFound("There is no local volume " + name, "-");
            }
            return files;
        }

        @Override
        public Path folder(String path) {
            return files;
        }
    }

    int port() {
        return server.port();
    }

    Answer get(String path) throws Exception {
        return send("GET", path, null, Map.of());
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, body, Map.of());
    }

    Answer delete(String path, String... ifMatch) throws Exception {
        return send(
                "DELETE",
                path,
                null,
                ifMatch.length == 0 ? Map.of() : Map.of("If-Match", ifMatch[0]));
    }

    Answer send(String method, String path, @Nullable String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .timeout(Duration.ofSeconds(30))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response);
    }

    HttpClient http() {
        return http;
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.disposeNow();
        operations.close();
        disk.close();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
    }
}
