// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.TcpServer;

class ServerTlsTests {

    @TempDir Path data;

    private final SSLContext client = TrustAll.context();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final List<DisposableServer> servers = new ArrayList<>();

    @BeforeEach
    void listen() {
        lines.start();
        ((Logger) LoggerFactory.getLogger(ReloadingKeyManager.class)).addAppender(lines);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(ReloadingKeyManager.class)).detachAppender(lines);
        servers.forEach(DisposableServer::disposeNow);
    }

    @Test
    void speaksTls12And13AndNothingOlder() throws Exception {
        serve(Optional.empty());
        assertThat(session("TLSv1.2").getProtocol()).isEqualTo("TLSv1.2");
        assertThat(session("TLSv1.3").getProtocol()).isEqualTo("TLSv1.3");
        // The JDK's client refuses to offer 1.1, so the hello of one is sent by hand.
        assertThatThrownBy(() -> session("TLSv1.1")).isInstanceOf(SSLException.class);
        assertThat(answerToTls11Hello()).startsWith(0x15, 0x03).endsWith(2, 70);
    }

    @Test
    void answersHttp11WithoutAlpnAndHttp2WithIt() throws Exception {
        serve(Optional.empty());
        try (SSLSocket socket = connect("TLSv1.2")) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                    .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("hello");
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
        assertThat(get(HttpClient.Version.HTTP_2)).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(get(HttpClient.Version.HTTP_1_1)).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void agreesOnWhatTheClientOffers() throws Exception {
        serve(Optional.empty());
        for (String protocol : new String[] {"h2", "http/1.1"}) {
            try (SSLSocket socket =
                    (SSLSocket)
                            client.getSocketFactory()
                                    .createSocket(InetAddress.getLoopbackAddress(), port())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {protocol});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                assertThat(socket.getApplicationProtocol()).isEqualTo(protocol);
            }
        }
    }

    @Test
    void showsTheSameCertificateAfterARestart() throws Exception {
        serve(Optional.empty());
        X509Certificate before = certificate();
        servers.getLast().disposeNow();
        serve(Optional.empty());
        assertThat(certificate()).isEqualTo(before);
    }

    @Test
    void resumesSessions() throws Exception {
        serve(Optional.empty());
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            SSLContext fresh = TrustAll.context();
            long first = ask(fresh, protocol).getCreationTime();
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            assertThat(ask(fresh, protocol).getCreationTime()).isEqualTo(first);
        }
    }

    @Test
    void showsANewPairWithinTwoSeconds() throws Exception {
        serve(Optional.of(Pairs.write(data)));
        X509Certificate before = certificate();
        Pairs.write(data);
        assertThat(certificateUnlike(before)).isNotEqualTo(before);
    }

    @Test
    void keepsTheOldPairWhileTheNewOneIsBroken() throws Exception {
        TlsFiles own = Pairs.write(data);
        serve(Optional.of(own));
        X509Certificate before = certificate();
        Files.writeString(own.key(), "broken");
        assertThat(certificateUnlike(before)).isEqualTo(before);
        assertThat(certificateUnlike(before)).isEqualTo(before);
        assertThat(lines.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.getFormattedMessage())
                                        .contains(own.key() + " holds no private key"));
        Pairs.write(data);
        assertThat(certificateUnlike(before)).isNotEqualTo(before);
    }

    /**
     * What the end of standard input of an attached container looks like. Reactor Netty would close
     * the connection on the event that the handler here keeps to itself.
     */
    @Test
    void aClientMayEndItsDirectionAndStillHear() throws Exception {
        SslContext context = ServerTls.context(data, Optional.empty());
        DisposableServer lateAnswer =
                TcpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .secure(spec -> spec.sslContext(context))
                        .doOnConnection(
                                connection ->
                                        connection.addHandlerLast(
                                                new ChannelInboundHandlerAdapter() {
                                                    @Override
                                                    public void userEventTriggered(
                                                            ChannelHandlerContext ctx,
                                                            Object event) {
                                                        if (event
                                                                instanceof
                                                                SslCloseCompletionEvent) {
                                                            answerLater(ctx);
                                                        }
                                                    }
                                                }))
                        .handle((in, out) -> Mono.never())
                        .bindNow();
        servers.add(lateAnswer);
        // A layered socket says close_notify and leaves TCP open, as Go's CloseWrite does.
        try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), port());
                SSLSocket socket =
                        (SSLSocket)
                                client.getSocketFactory()
                                        .createSocket(tcp, "localhost", port(), false)) {
            socket.setSoTimeout(5_000);
            socket.startHandshake();
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readNBytes(4), US_ASCII))
                    .isEqualTo("late");
        }
    }

    private static void answerLater(ChannelHandlerContext ctx) {
        var _ = ctx.executor().schedule(() -> answer(ctx), 200, TimeUnit.MILLISECONDS);
    }

    private static void answer(ChannelHandlerContext ctx) {
        var _ = ctx.writeAndFlush(Unpooled.copiedBuffer("late", US_ASCII));
    }

    @Test
    void usesTheTlsOfTheJdk() {
        SslContext context = ServerTls.context(data, Optional.empty());
        SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
        assertThat(engine.getClass().getName()).contains("Jdk");
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }

    private void serve(Optional<TlsFiles> own) {
        SslContext context = ServerTls.context(data, own);
        servers.add(
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                        .secure(spec -> spec.sslContext(context))
                        .handle((request, response) -> response.sendString(Mono.just("hello")))
                        .bindNow());
    }

    private int port() {
        return servers.getLast().port();
    }

    private SSLSession session(String protocol) throws Exception {
        return ask(client, protocol);
    }

    /** Asks once, to the end: the tickets of TLS 1.3 come after the handshake. */
    private SSLSession ask(SSLContext context, String protocol) throws Exception {
        try (SSLSocket socket = connect(context, protocol)) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                    .getBytes(US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
            return socket.getSession();
        }
    }

    private SSLSocket connect(String protocol) throws Exception {
        return connect(client, protocol);
    }

    private SSLSocket connect(SSLContext context, String protocol) throws Exception {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port());
        socket.setSoTimeout(5_000);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        return socket;
    }

    private byte[] answerToTls11Hello() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(5_000);
            byte[] body = new byte[41];
            body[0] = 3;
            body[1] = 2;
            body[36] = 2;
            body[37] = (byte) 0xc0;
            body[38] = 0x09;
            body[39] = 1;
            ByteArrayOutputStream hello = new ByteArrayOutputStream();
            hello.write(new byte[] {0x16, 3, 1, 0, (byte) (body.length + 4)});
            hello.write(new byte[] {1, 0, 0, (byte) body.length});
            hello.write(body);
            socket.getOutputStream().write(hello.toByteArray());
            return socket.getInputStream().readAllBytes();
        }
    }

    private HttpClient.Version get(HttpClient.Version version) throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder().sslContext(client).version(version).build()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + port() + "/"))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .version();
        }
    }

    private X509Certificate certificate() throws Exception {
        return (X509Certificate) ask(TrustAll.context(), "TLSv1.3").getPeerCertificates()[0];
    }

    /** Connects for the two seconds in which a new certificate has to appear. */
    private X509Certificate certificateUnlike(X509Certificate before) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        X509Certificate shown = certificate();
        while (shown.equals(before) && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            shown = certificate();
        }
        return shown;
    }
}
