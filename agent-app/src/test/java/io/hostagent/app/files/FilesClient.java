// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.fixture.TrustAll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client that browses files through an agent.
 *
 * @param address of the agent, {@code HOST:PORT}
 * @param headers that let it in, and say which node it means
 * @param volume whose files it browses; empty for the host's
 */
public record FilesClient(String address, Map<String, String> headers, String volume) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .sslContext(TrustAll.context())
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    private static final String BOUNDARY = "boundary-of-a-test";

    /** The same client with a header more. */
    public FilesClient with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new FilesClient(address, more, volume);
    }

    /** The same client for the files of something else. */
    public FilesClient in(String other) {
        return new FilesClient(address, headers, other);
    }

    /** Sends a request with a path among its parameters. */
    public HttpResponse<byte[]> send(
            String method, String operation, String path, BodyPublisher body) {
        return send(
                method,
                "/v2/browse/" + operation + "?path=" + URLEncoder.encode(path, UTF_8),
                body,
                Map.of());
    }

    /** Sends any request; the volume is added to its parameters. */
    public HttpResponse<byte[]> send(
            String method, String target, BodyPublisher body, Map<String, String> more) {
        String id = volume.isEmpty() ? "" : "volumeID=" + URLEncoder.encode(volume, UTF_8);
        String joint = id.isEmpty() ? "" : target.contains("?") ? "&" : "?";
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://" + address + target + joint + id))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, body);
        headers.forEach(request::header);
        more.forEach(request::setHeader);
        try {
            return HTTP.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A GET or DELETE. */
    public HttpResponse<byte[]> ask(String method, String operation, String path) {
        return send(method, operation, path, BodyPublishers.noBody());
    }

    /** What an error says. */
    public static String text(HttpResponse<byte[]> answer) {
        return answer.statusCode() + " " + new String(answer.body(), UTF_8);
    }

    /** A listing. */
    public JsonNode list(String path) {
        HttpResponse<byte[]> answer = ask("GET", "ls", path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(text(answer));
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    /** Uploads a file as a Portainer server does: its content first, then the folder it is for. */
    public HttpResponse<byte[]> put(String folder, String name, byte[] content) {
        String head =
                "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .formatted(BOUNDARY, name);
        String tail =
                "\r\n--%s\r\nContent-Disposition: form-data; name=\"Path\"\r\n\r\n%s\r\n--%s--\r\n"
                        .formatted(BOUNDARY, folder, BOUNDARY);
        return send(
                "POST",
                "/v2/browse/put",
                BodyPublishers.concat(
                        BodyPublishers.ofString(head),
                        BodyPublishers.ofByteArray(content),
                        BodyPublishers.ofString(tail)),
                Map.of("Content-Type", "multipart/form-data; boundary=" + BOUNDARY));
    }

    /** Renames a file. */
    public HttpResponse<byte[]> rename(String from, String to) {
        return send(
                "PUT",
                "/v2/browse/rename",
                BodyPublishers.ofString(
                        JsonMapper.shared()
                                .writeValueAsString(
                                        Map.of("CurrentFilePath", from, "NewFilePath", to))),
                Map.of("Content-Type", "application/json"));
    }
}
