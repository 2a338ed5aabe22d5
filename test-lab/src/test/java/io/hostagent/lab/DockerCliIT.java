// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a docker client sends, as a server of the test's own sees it. */
class DockerCliIT {

    private static final String PASSWORD = "changeit";

    @LabEngine("26")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost shared;

    @LabEngine("26")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost host;

    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();

    @Test
    void fieldsAreSet() {
        assertThat(host).isEqualTo(shared);
    }

    @Test
    void runsInTheHost() {
        assertThat(host.exec("hostname").orThrow().out().strip()).isEqualTo(host.name());
        assertThat(host.exec("pwd").out()).isEqualTo("/\n");
        try (RunningCommand cat = host.start("cat")) {
            cat.send("there and back\n");
            cat.awaitOut(text -> text.equals("there and back\n"), host.cli().timeout());
        }
    }

    @Test
    void sendsHeaders() throws Exception {
        HttpServer server = HttpServer.create(anyPort(), 0);
        ping(host.cli().at("tcp://127.0.0.1:" + serve(server)), server);
    }

    @Test
    void speaksTlsWithoutVerification(@TempDir Path folder) throws Exception {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
        DockerCli cli = host.cli().at("tcp://127.0.0.1:" + serve(server)).withTls();
        ping(cli, server);
    }

    private void ping(DockerCli cli, HttpServer server) {
        try {
            cli.withHeader("X-Token", "a \"quoted\" one").run("version");
            assertThat(tokens).isNotEmpty().containsOnly("a \"quoted\" one");
        } finally {
            server.stop(0);
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private int serve(HttpServer server) {
        server.createContext(
                "/",
                exchange -> {
                    tokens.addAll(exchange.getRequestHeaders().get("X-Token"));
                    byte[] body = "{}".getBytes(UTF_8);
                    exchange.getResponseHeaders().add("API-Version", "1.41");
                    boolean head = exchange.getRequestMethod().equals("HEAD");
                    exchange.sendResponseHeaders(200, head ? -1 : body.length);
                    if (!head) {
                        exchange.getResponseBody().write(body);
                    }
                    exchange.close();
                });
        server.start();
        return server.getAddress().getPort();
    }

    private static SSLContext selfSigned(Path folder) throws Exception {
        Path file = folder.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String options = "-genkeypair -alias a -keyalg EC -dname CN=lab -storetype PKCS12";
        Command.of(
                        Stream.of(
                                        List.of(keytool.toString()),
                                        List.of(options.split(" ")),
                                        List.of(
                                                "-storepass",
                                                PASSWORD,
                                                "-keystore",
                                                file.toString()))
                                .flatMap(List::stream)
                                .toList())
                .run(new byte[0], Duration.ofSeconds(30))
                .orThrow();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream source = Files.newInputStream(file)) {
            keys.load(source, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }
}
