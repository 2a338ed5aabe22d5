// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import io.hostagent.core.relay.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer over HTTP/1.1, as far as it came.
 *
 * @param headers by name, in whatever case
 * @param whole whether it ended as its framing says
 * @param trailers by name
 */
record MergedAnswer(
        int status,
        Map<String, String> headers,
        String body,
        boolean whole,
        Map<String, String> trailers) {

    static final String MISSING = "X-HostAgent-Unreachable";

    static MergedAnswer read(RawClient client) throws IOException {
        String head = client.readHead();
        Map<String, String> headers = fields(head.substring(head.indexOf('\n') + 1));
        int status = Integer.parseInt(head.substring(9, 12));
        String length = headers.get("Content-Length");
        if (length != null) {
            int size = Integer.parseInt(length);
            String body = client.read(size);
            return new MergedAnswer(status, headers, body, body.length() == size, Map.of());
        }
        if (!headers.getOrDefault("Transfer-Encoding", "").equals("chunked")) {
            return new MergedAnswer(status, headers, client.readToEnd(), true, Map.of());
        }
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = client.readUntil("\r\n");
            if (line.isEmpty()) {
                return new MergedAnswer(status, headers, body.toString(), false, Map.of());
            }
            int size = Integer.parseInt(line.strip(), 16);
            if (size == 0) {
                return new MergedAnswer(status, headers, body.toString(), true, trailers(client));
            }
            body.append(client.read(size));
            client.readUntil("\r\n");
        }
    }

    private static Map<String, String> trailers(RawClient client) throws IOException {
        StringBuilder text = new StringBuilder();
        String line = client.readUntil("\r\n");
        while (line.length() > 2) {
            text.append(line);
            line = client.readUntil("\r\n");
        }
        return fields(text.toString());
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        text.lines()
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(": ", 2))
                .forEach(pair -> fields.merge(pair[0], pair[1], (a, b) -> a + " AND " + b));
        return fields;
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(body);
    }

    /** Of each element {@code NODE/ID}, in order. */
    List<String> elements() {
        JsonNode list = json().isArray() ? json() : json().path("Volumes");
        List<String> names = new ArrayList<>();
        for (JsonNode element : list) {
            String node = element.path("Portainer").path("Agent").path("NodeName").asString();
            names.add(node + "/" + element.path("Id").asString().toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** The nodes that the head says are missing. */
    String missing() {
        return headers.getOrDefault(MISSING, "");
    }
}
