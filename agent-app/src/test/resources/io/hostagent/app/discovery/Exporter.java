// SPDX-License-Identifier: Apache-2.0

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** An exporter that a test runs in a container, with some bad manners. Arguments: ports, or ADDRESS:PORT. */
public final class Exporter {

    public static void main(String[] addresses) throws IOException {
        for (String text : addresses) {
            int colon = text.indexOf(':');
            int port = Integer.parseInt(text.substring(colon + 1));
            InetSocketAddress address =
                    colon < 0
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(text.substring(0, colon), port);
            HttpServer server = HttpServer.create(address, 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", Exporter::secret);
            server.createContext("/metrics", Exporter::metrics);
            server.createContext("/metrics/asked", Exporter::asked);
            server.createContext("/metrics/redirect", Exporter::redirect);
            server.createContext("/metrics/slow", Exporter::slow);
            server.createContext("/metrics/stall", Exporter::stall);
            server.createContext("/metrics/large", Exporter::large);
            server.createContext("/metrics/long", Exporter::announced);
            server.createContext("/metrics/broken", exchange -> answer(exchange, 500, "broken\n"));
            server.start();
        }
    }

    private static void metrics(HttpExchange exchange) throws IOException {
        byte[] text = "# TYPE exporter_up gauge\nexporter_up{text=\"\u00e4\u20ac\"} 1\n".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.getResponseHeaders().set("Set-Cookie", "session=1");
        if (exchange.getRequestHeaders().getOrDefault("Accept-Encoding", java.util.List.of()).toString().contains("gzip")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(text);
            }
            text = bytes.toByteArray();
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    /** Everything that was asked. */
    private static void asked(HttpExchange exchange) throws IOException {
        StringBuilder text = new StringBuilder(exchange.getRequestURI() + "\n");
        Headers headers = exchange.getRequestHeaders();
        headers.forEach((name, values) -> values.forEach(value -> text.append(name + ": " + value + "\n")));
        answer(exchange, 200, text.toString());
    }

    private static void secret(HttpExchange exchange) throws IOException {
        answer(exchange, 200, "a secret of the container\n");
    }

    private static void redirect(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data");
        answer(exchange, 302, "");
    }

    private static void slow(HttpExchange exchange) throws IOException {
        sleep();
        answer(exchange, 200, "late\n");
    }

    /** Half an answer, and then nothing. */
    private static void stall(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1_000_000);
        OutputStream body = exchange.getResponseBody();
        body.write(new byte[300_000]);
        body.flush();
        sleep();
        exchange.close();
    }

    /** More than any exporter has, without saying so before. */
    private static void large(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            byte[] piece = new byte[1 << 16];
            for (int i = 0; i < 1_000; i++) {
                body.write(piece);
            }
        }
    }

    private static void announced(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 20_000_000);
        exchange.getResponseBody().write(0);
        exchange.getResponseBody().flush();
        sleep();
        exchange.close();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void sleep() {
        try {
            Thread.sleep(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
