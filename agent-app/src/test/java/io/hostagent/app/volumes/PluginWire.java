// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.app.fixture.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The plugin as an engine speaks to it, byte by byte.
 *
 * @param socket of the plugin
 */
record PluginWire(Path socket) {

    /** As engines send it; neither says what type the body has. */
    private static final String OLD_ENGINE =
            String.join(
                    "\r\n",
                    "Host: ",
                    "User-Agent: Go-http-client/1.1",
                    "Accept: application/vnd.docker.plugins.v1.2+json",
                    "");

    /** An answer, and how long it took. */
    record Answer(int status, String body, Duration took) {

        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        /** What failed; empty when nothing did. */
        String err() {
            return json().path("Err").asString("");
        }
    }

    /** A call such as {@code VolumeDriver.Get}. */
    Answer call(String call, String body) {
        return call("POST", call, OLD_ENGINE, body);
    }

    /** The same with a method and head lines of one's own. */
    Answer call(String method, String call, String head, String body) {
        return raw(
                "%s /%s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s"
                        .formatted(method, call, head, body.getBytes(UTF_8).length, body));
    }

    /** Bytes on a connection of their own. */
    Answer raw(String request) {
        long start = System.nanoTime();
        try (Wire wire = Wire.unix(socket)) {
            wire.out().write(request.getBytes(UTF_8));
            wire.out().flush();
            String head = wire.head();
            String body = new String(wire.in().readNBytes(length(head)), UTF_8);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return new Answer(Integer.parseInt(head.substring(9, 12)), body, took);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int length(String head) {
        return head.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .map(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    Answer get(String volume) {
        return call("VolumeDriver.Get", "{\"Name\":\"" + volume + "\"}");
    }

    Answer create(String volume, String options) {
        return call(
                "VolumeDriver.Create", "{\"Name\":\"%s\",\"Opts\":%s}".formatted(volume, options));
    }

    Answer mount(String volume, String id) {
        return call("VolumeDriver.Mount", "{\"Name\":\"%s\",\"ID\":\"%s\"}".formatted(volume, id));
    }

    Answer unmount(String volume, String id) {
        return call(
                "VolumeDriver.Unmount", "{\"Name\":\"%s\",\"ID\":\"%s\"}".formatted(volume, id));
    }

    Answer remove(String volume) {
        return call("VolumeDriver.Remove", "{\"Name\":\"" + volume + "\"}");
    }

    /** Whether it is there. */
    boolean answers() {
        try {
            return call("Plugin.Activate", "").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
