// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.fixture.TrustAll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls of volumes as people have them.
 *
 * @param address of the agent, {@code HOST:PORT}
 * @param headers that let a caller in
 */
record VolumesApi(String address, Map<String, String> headers) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .sslContext(TrustAll.context())
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    /** Sends a request; the body is left out when it is empty. */
    HttpResponse<byte[]> send(String method, String path, String body, String... more) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://" + address + path))
                        .timeout(Duration.ofMinutes(1));
        headers.forEach(request::header);
        for (int i = 0; i < more.length; i += 2) {
            request.header(more[i], more[i + 1]);
        }
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(body));
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The same, with what it takes to be told of as one text: the status and the body. */
    String text(String method, String path, String body, String... more) {
        HttpResponse<byte[]> answer = send(method, path, body, more);
        return answer.statusCode() + " " + new String(answer.body(), UTF_8);
    }

    /** What a request gives that has to succeed. */
    JsonNode ok(String method, String path, String body, String... more) {
        HttpResponse<byte[]> answer = send(method, path, body, more);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(
                    method
                            + " "
                            + path
                            + ": "
                            + answer.statusCode()
                            + " "
                            + new String(answer.body(), UTF_8));
        }
        return answer.body().length == 0
                ? JsonMapper.shared().createObjectNode()
                : JsonMapper.shared().readTree(answer.body());
    }

    JsonNode get(String path) {
        return ok("GET", path, "");
    }

    /** Long work, which has to succeed while we wait. */
    JsonNode post(String path, String body) {
        return ok("POST", path + "?wait=60s", body);
    }

    /** A volume that is there. */
    JsonNode volume(String name) {
        return get("/v2/volumes/" + name);
    }

    /** The names of all volumes. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        get("/v2/volumes").forEach(volume -> names.add(volume.path("name").asString()));
        return names;
    }

    /** Creates a volume, the options as JSON. */
    JsonNode create(String name, String options) {
        return ok(
                "POST", "/v2/volumes", "{\"name\":\"%s\",\"options\":%s}".formatted(name, options));
    }

    /** Removes a volume: {@code trash}, {@code delete} or {@code retain}. */
    JsonNode remove(String name, String how) {
        return ok("DELETE", "/v2/volumes/" + name + "?wait=60s&onremove=" + how, "");
    }

    /** How many bytes a volume holds. */
    long used(String name) {
        return get("/v2/volumes/" + name + "?details=true").path("usage").path("used").asLong();
    }

    /** Who uses a volume, in words. */
    List<String> users(String name) {
        List<String> users = new ArrayList<>();
        get("/v2/volumes/" + name + "/users")
                .forEach(
                        user ->
                                users.add(
                                        user.path("what").asString()
                                                + " "
                                                + user.path("name").asString()));
        return users;
    }

    /** What is in the trash of a name. */
    List<JsonNode> trash(String name) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode one : get("/v2/volume-trash")) {
            if (one.path("name").asString().equals(name)) {
                found.add(one);
            }
        }
        return found;
    }

    /** What happened to a volume so far, by its actions. */
    List<String> events(String name) {
        List<String> actions = new ArrayList<>();
        for (JsonNode event : get("/v2/volume-events?follow=false")) {
            if (event.path("volume").asString().equals(name)) {
                actions.add(event.path("action").asString());
            }
        }
        return actions;
    }

    /** Whether the agent is there. */
    boolean answers() {
        try {
            return send("GET", "/ping", "").statusCode() == 204;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
