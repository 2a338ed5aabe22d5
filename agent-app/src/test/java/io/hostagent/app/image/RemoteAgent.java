// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.image;

import io.hostagent.core.fixture.TrustAll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * An agent in a container, as seen over its published port.
 *
 * @param address of the host
 * @param port on the host
 */
record RemoteAgent(String address, int port) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .sslContext(TrustAll.context())
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    HttpResponse<String> get(String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://" + address + ":" + port + path))
                        .timeout(Duration.ofSeconds(5));
        headers.forEach(request::header);
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The status of an answer, or 0 when there was none. */
    int status(String path, Map<String, String> headers) {
        try {
            return get(path, headers).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    int ping() {
        return status("/ping", Map.of());
    }
}
