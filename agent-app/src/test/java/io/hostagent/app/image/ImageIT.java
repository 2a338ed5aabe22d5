// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Builds the image as the README says, on the images of the lab, and runs it: with the builder of
 * Engine 20 and with BuildKit.
 */
@ParameterizedClass
@ValueSource(strings = {"20", "26"})
class ImageIT {

    private static final String IMAGE = "unified-host-agent:image-it";
    private static final int PORT = 19009;
    private static final int RESIDENT_LIMIT_MB = 140;
    private static final Duration START = Duration.ofSeconds(30);

    /** The first check of an engine before 25 comes after one interval of 30 s. */
    private static final Duration HEALTHY = Duration.ofSeconds(75);

    @Parameter String version = "";

    private final List<String> containers = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void buildImage(String version) {
        engine(version)
                .withEnvironment("DOCKER_BUILDKIT", version.equals("20") ? "0" : "1")
                .succeed(
                        "build",
                        "--build-arg=BUILD_IMAGE=lab/jdk:25",
                        "--build-arg=JDK_IMAGE=lab/jdk:25",
                        "--build-arg=BASE_IMAGE=lab/base:1",
                        "--tag=" + IMAGE,
                        Engine.projectRoot().toString());
    }

    @AfterEach
    void removeContainers() {
        for (String container : containers) {
            engine().run("rm", "--force", "--volumes", container);
        }
    }

    @Test
    void showsWhatAPortainerServerLooksFor() {
        String format =
                "{{index .Config.Labels \"io.portainer.agent\"}} {{json .Config.ExposedPorts}}"
                        + " {{json .Config.Volumes}}";

        String config = engine().succeed("image", "inspect", "--format", format, IMAGE);

        assertThat(config.strip()).isEqualTo("true {\"9001/tcp\":{}} null");
    }

    @Test
    void answersAndBecomesHealthy() throws Exception {
        String agent = start(Map.of("CAP_PROXY", "1"));

        assertThat(awaitPing()).isEqualTo(204);
        await(HEALTHY, () -> state(agent, "{{.State.Health.Status}}").equals("healthy"));
    }

    @Test
    void endsWithinFiveSecondsOfSigterm() throws Exception {
        String agent = start(Map.of("CAP_PROXY", "1"));
        awaitPing();

        Instant before = Instant.now();
        engine().succeed("stop", "--time", "20", agent);

        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(state(agent, "{{.State.ExitCode}}")).isIn("0", "143");
    }

    @Test
    void refusesAFlagThatIsNeitherOnNorOff() throws Exception {
        String agent = start(Map.of("CAP_METRICS", "maybe"));

        await(START, () -> state(agent, "{{.State.Status}}").equals("exited"));

        assertThat(state(agent, "{{.State.ExitCode}}")).isNotEqualTo("0");
        assertThat(engine().run("logs", agent).output()).contains("CAP_METRICS=maybe");
    }

    @Test
    void startsFromItsCache() throws Exception {
        // With AOTMode=on a JVM that cannot use the cache ends instead of starting without it.
        start(Map.of("CAP_PROXY", "1", "AGENT_JAVA_OPTIONS", "-XX:AOTMode=on"));

        assertThat(awaitPing()).isPositive();
    }

    @Test
    void staysSmall() throws Exception {
        String agent = start(Map.of("CAP_PROXY", "1"));
        awaitPing();
        HttpClient client = client();
        for (int request = 0; request < 500; request++) {
            ping(client);
        }
        // The serving JVM gives memory of its compilers back every 10 s.
        await(Duration.ofSeconds(30), () -> residentMegabytes(agent) < RESIDENT_LIMIT_MB);
    }

    private Engine engine() {
        return engine(version);
    }

    private static Engine engine(String version) {
        return Engine.ofLab(version);
    }

    private String start(Map<String, String> environment) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--detach",
                                "--publish=" + PORT + ":9001",
                                "--volume=/var/run/docker.sock:/var/run/docker.sock",
                                "--volume=/var/lib/docker/volumes:/var/lib/docker/volumes",
                                "--volume=/data"));
        new TreeMap<>(environment)
                .forEach((name, value) -> arguments.add("--env=" + name + "=" + value));
        arguments.add(IMAGE);
        String container = engine().succeed(arguments.toArray(String[]::new)).strip();
        containers.add(container);
        return container;
    }

    private String state(String container, String format) {
        return engine().succeed("inspect", "--format", format, container).strip();
    }

    private int residentMegabytes(String container) {
        return engine().succeed("top", container, "-eo", "pid,rss")
                        .lines()
                        .skip(1)
                        .mapToInt(line -> Integer.parseInt(line.replaceFirst(".*\\s", "")))
                        .sum()
                / 1024;
    }

    private int awaitPing() throws Exception {
        HttpClient client = client();
        int[] status = {0};
        await(
                START,
                () -> {
                    status[0] = ping(client);
                    return status[0] > 0;
                });
        return status[0];
    }

    /** The status, or 0 when there was no answer. */
    private int ping(HttpClient client) throws InterruptedException {
        URI uri = URI.create("https://" + engine().address() + ":" + PORT + "/ping");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** A client that takes any certificate, as Portainer's does; the host is not in it. */
    private static HttpClient client() throws GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new TrustEveryone()}, new SecureRandom());
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    private static void await(Duration limit, Condition condition) throws Exception {
        Instant deadline = Instant.now().plus(limit);
        while (!condition.holds()) {
            if (Instant.now().isAfter(deadline)) {
                fail("not so within " + limit);
            }
            Thread.sleep(100);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
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
}
