// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Runs the laid-out agent once with every capability on, against an engine that is played here, and
 * so fills the JVM's AOT cache with the classes and method profiles of a working agent. What the
 * agent answers does not matter: an answer of 403 or 404 is as good as any other.
 *
 * <p>{@code java Training.java /opt/agent}
 */
class Training {

    private static final List<String> PATHS =
            List.of("/ping", "/health", "/_ping", "/version", "/info", "/containers/json?all=1",
                    "/v1.41/images/json", "/volumes", "/networks", "/metrics", "/capabilities",
                    "/host/info", "/v2/host", "/browse/ls?path=/", "/agents",
                    "/v2/cluster");
    private static final String BYTES = "/v1.41/images/some/get";
    private static final int ROUNDS = Integer.getInteger("training.rounds", 40);

    void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path cache = home.resolve("agent.aot");
        Path scratch = Files.createTempDirectory("training");
        Path socket = scratch.resolve("docker.sock");
        int port = freePort();
        playEngine(socket);

        ProcessBuilder agent = new ProcessBuilder(home.resolve("bin/agent").toString());
        agent.environment().putAll(java.util.Map.of(
                "CAP_PROXY", "1",
                "CAP_METRICS", "1",
                "CAP_HOST_MANAGEMENT", "1",
                "CAP_VOLUMES", "1",
                "AGENT_PORT", Integer.toString(port),
                "DATA_PATH", scratch.resolve("data").toString(),
                "VOLUMES_PATH", scratch.resolve("volumes").toString(),
                "VOLUMES_PLUGIN_PATH", scratch.resolve("plugins").toString(),
                "DOCKER_HOST", "unix://" + socket,
                // Profiles of methods would add 5 MB to what every agent keeps, and gain nothing.
                "AGENT_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + cache + " -Xlog:aot=error"
                        + " -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining"));
        Process process = agent.inheritIO().start();
        try {
            drive(process, port);
        } finally {
            process.destroy(); // SIGTERM: the JVM writes its cache on the way out
        }
        if (!process.waitFor(5, TimeUnit.MINUTES) || !Files.isRegularFile(cache)) {
            process.destroyForcibly();
            throw new IllegalStateException("the agent left no " + cache);
        }
        System.out.printf("trained %s, %d MB%n", cache, Files.size(cache) >> 20);
        System.exit(0);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    // --- the client --------------------------------------------------------------------------

    private void drive(Process agent, int port) throws Exception {
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new TrustEveryone()}, new SecureRandom());
        String base = null;
        for (int attempt = 0; base == null; attempt++) {
            if (!agent.isAlive() || attempt == 300) {
                throw new IllegalStateException("the agent does not answer on port " + port);
            }
            Thread.sleep(200);
            for (String candidate : List.of("https", "http")) {
                String tried = candidate + "://127.0.0.1:" + port;
                if (base == null && get(client(tls), tried + "/ping", signer()) > 0) {
                    base = tried;
                }
            }
        }
        String[] signature = signer();
        for (int round = 0; round < ROUNDS; round++) {
            HttpClient client = client(tls); // a handshake per round
            for (String path : PATHS) {
                get(client, base + path, signature);
            }
            get(client, base + BYTES, signature);
            send(client, signed(base + "/v1.41/images/load", signature)
                    .POST(BodyPublishers.ofByteArray(new byte[1 << 20])));
        }
    }

    private static HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

    private static int get(HttpClient client, String uri, String[] signature) {
        return send(client, signed(uri, signature).GET());
    }

    private static HttpRequest.Builder signed(String uri, String[] signature) {
        return HttpRequest.newBuilder(URI.create(uri))
                .timeout(Duration.ofSeconds(5))
                .header("X-PortainerAgent-PublicKey", signature[0])
                .header("X-PortainerAgent-Signature", signature[1]);
    }

    /** The status, or -1 when there was no answer. */
    private static int send(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Public key and signature as a Portainer server sends them. */
    private static String[] signer() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format");
        signature.initSign(pair.getPrivate());
        signature.update(MessageDigest.getInstance("MD5")
                .digest("Portainer-App".getBytes(StandardCharsets.UTF_8)));
        return new String[] {
            HexFormat.of().formatHex(pair.getPublic().getEncoded()),
            Base64.getEncoder().withoutPadding().encodeToString(signature.sign())
        };
    }

    private static final class TrustEveryone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    // --- the engine --------------------------------------------------------------------------

    private static void playEngine(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    SocketChannel connection = server.accept();
                    Thread.ofVirtual().start(() -> serve(connection));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private static void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
            OutputStream out = Channels.newOutputStream(connection);
            while (answer(in, out)) {}
        } catch (IOException e) {
            // the agent has hung up
        }
    }

    private static boolean answer(InputStream in, OutputStream out) throws IOException {
        String request = line(in);
        if (request.isEmpty()) {
            return false;
        }
        int length = 0;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
        }
        in.skipNBytes(length);
        while (chunked) {
            int size = Integer.parseInt(line(in), 16);
            in.skipNBytes(size);
            line(in);
            chunked = size > 0;
        }
        String head = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\n";
        if (request.contains("/events")) {
            send(out, head + "Transfer-Encoding: chunked\r\n\r\n");
            return in.read() >= 0; // stays open, and nothing ever happens
        }
        if (request.contains(BYTES)) {
            byte[] bytes = new byte[1 << 21];
            send(out, head + "Content-Length: " + bytes.length + "\r\n\r\n");
            out.write(bytes);
            return true;
        }
        String body = body(request);
        String type = body.equals("OK") ? "text/plain" : "application/json";
        send(out, head + "Content-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + (request.startsWith("HEAD") ? "" : body));
        return true;
    }

    private static String body(String request) {
        if (request.contains("/_ping")) {
            return "OK";
        }
        if (request.contains("/json") || request.contains("/networks")) {
            return "[]";
        }
        return "{\"ApiVersion\":\"1.41\",\"Version\":\"20.10.24\",\"ID\":\"T\",\"Name\":\"training\","
                + "\"Swarm\":{\"LocalNodeState\":\"inactive\"},\"Volumes\":[]}";
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                text.append((char) next);
            }
        }
        return text.toString();
    }
}
