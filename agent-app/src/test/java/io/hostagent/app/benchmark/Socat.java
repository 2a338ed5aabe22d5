// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.app.fixture.RunningAgent;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A second reference: {@code socat}, which relays bytes between TLS and the socket in C, with
 * OpenSSL and without looking at them. What it loses against the socket is the price of TLS and of
 * one more process on this machine.
 */
final class Socat implements Closeable {

    private final Process process;
    private final int port;

    private Socat(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it with the agent's own certificate. */
    static Socat start(Path socket, RunningAgent agent) throws IOException {
        Path tls = agent.data().resolve("tls");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process =
                new ProcessBuilder(
                                "socat",
                                "-b65536",
                                "OPENSSL-LISTEN:%d,bind=127.0.0.1,fork,reuseaddr,verify=0,cert=%s,key=%s"
                                        .formatted(
                                                port,
                                                tls.resolve("cert.pem"),
                                                tls.resolve("key.pem")),
                                "UNIX-CONNECT:" + socket)
                        .inheritIO()
                        .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            new Socket(InetAddress.getLoopbackAddress(), port).close();
                            return true;
                        });
        return new Socat(process, port);
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
