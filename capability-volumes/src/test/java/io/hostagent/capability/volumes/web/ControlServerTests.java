// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.relay.NoLeaks;
import io.hostagent.core.trust.AuditLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.netty.resources.LoopResources;

@ExtendWith({NoLeaks.class, OutputCaptureExtension.class})
class ControlServerTests {

    @TempDir Path folder;

    private final LoopResources loops = LoopResources.create("control-test", 1, true);
    private TestApi api;
    private ControlServer server;
    private Path socket;

    @BeforeEach
    void start() {
        api = new TestApi(folder, files -> InputStream.nullInputStream());
        socket = folder.resolve("volumes").resolve("control.sock");
        server = new ControlServer(socket, api.api, new AuditLog(), () -> loops);
    }

    @AfterEach
    void stop() {
        server.stop();
        api.close();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
    }

    private String ask(String method, String path, String body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(
                    UTF_8.encode(
                            method
                                    + " "
                                    + path
                                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Content-Length: "
                                    + body.length()
                                    + "\r\n\r\n"
                                    + body));
            ByteBuffer answer = ByteBuffer.allocate(100_000);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return UTF_8.decode(answer.flip()).toString();
        }
    }

    private void open() {
        server.start();
        await().until(() -> Files.exists(socket));
    }

    @Test
    void answersTheSameCallsAndRecordsChanges(CapturedOutput output) throws Exception {
        open();
        assertThat(ask("POST", "/v2/volumes", "{\"name\":\"a\"}")).startsWith("HTTP/1.1 201");
        assertThat(ask("GET", "/v2/volumes/a", "")).contains("\"name\":\"a\"");
        assertThat(ask("DELETE", "/v2/volumes/none", "")).startsWith("HTTP/1.1 404");
        assertThat(ask("GET", "/v2/capabilities", "")).startsWith("HTTP/1.1 404");
        assertThat(output)
                .containsPattern("changed.*local root.*POST.*/v2/volumes.*201")
                .containsPattern("changed.*local root.*DELETE.*/v2/volumes/none.*404")
                .doesNotContain("Unknown channel option");
    }

    @Test
    void isForTheUserOfTheAgentAlone() throws Exception {
        open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(socket.getParent()).isDirectoryNotContaining(file -> !file.equals(socket));
    }

    @Test
    void takesThePlaceOfASocketThatWasLeft() throws Exception {
        Files.createDirectories(socket.getParent());
        Files.writeString(socket, "old");
        server.start();
        await().until(() -> !Files.isRegularFile(socket));
        assertThat(ask("GET", "/v2/volumes", "")).startsWith("HTTP/1.1 200");
        server.stop();
        assertThat(socket).doesNotExist();
        server.start();
        await().until(() -> Files.exists(socket));
        assertThat(ask("GET", "/v2/volumes", "")).startsWith("HTTP/1.1 200");
    }

    @Test
    void saysWhyThereIsNone() throws Exception {
        Files.writeString(folder.resolve("volumes"), "a file");
        server.start();
        await().until(() -> server.missing().isPresent());
        assertThat(server.missing().orElseThrow().why()).contains("control.sock");
    }
}
