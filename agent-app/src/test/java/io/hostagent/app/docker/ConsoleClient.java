// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.core.fixture.TrustAll;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A console as a Portainer server opens it for a browser. */
final class ConsoleClient implements WebSocket.Listener, AutoCloseable {

    /** How a console was closed. */
    record Closed(int status, String reason) {}

    private static final int LIMIT_SECONDS = 30;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().sslContext(TrustAll.context()).build();

    /** Written by the client's thread, read by the test's. */
    private final StringBuilder text = new StringBuilder();

    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final CompletableFuture<WebSocket> socket;

    private ConsoleClient(RunningAgent agent, String path, Map<String, String> headers) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        headers.forEach(builder::header);
        URI uri = URI.create("wss://127.0.0.1:" + agent.port() + path);
        socket = builder.buildAsync(uri, this);
    }

    /** Opens a console that has to open. */
    static ConsoleClient open(RunningAgent agent, String path) {
        ConsoleClient console = new ConsoleClient(agent, path, agent.key().headers());
        console.socket.orTimeout(LIMIT_SECONDS, SECONDS).join();
        return console;
    }

    /** Opens a console that has to be refused: the status of the refusal. */
    static int refused(RunningAgent agent, String path, Map<String, String> headers) {
        try {
            new ConsoleClient(agent, path, headers).socket.orTimeout(LIMIT_SECONDS, SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refusal) {
                return refusal.getResponse().statusCode();
            }
            throw e;
        }
        throw new AssertionError(path + " was not refused");
    }

    /** Sends one message, whole, in text frames. */
    void type(String message) {
        socket.join().sendText(message, true).orTimeout(LIMIT_SECONDS, SECONDS).join();
    }

    /** Sends one message, whole, in a binary frame. */
    void type(byte[] message) {
        socket.join()
                .sendBinary(ByteBuffer.wrap(message), true)
                .orTimeout(LIMIT_SECONDS, SECONDS)
                .join();
    }

    /** Says goodbye. */
    void leave() {
        socket.join().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    /** Goes away without a word. */
    void vanish() {
        socket.join().abort();
    }

    /** What was shown so far. */
    String text() {
        synchronized (text) {
            return text.toString();
        }
    }

    /** Waits until something is shown. */
    String await(Predicate<String> shown) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(LIMIT_SECONDS))
                .pollInterval(Duration.ofMillis(20))
                .failFast("it was closed", () -> closed.isDone() && !shown.test(text()))
                .until(() -> shown.test(text()));
        return text();
    }

    /** Waits for the end. */
    Closed awaitClosed() {
        return closed.orTimeout(LIMIT_SECONDS, SECONDS).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(
            WebSocket webSocket, CharSequence data, boolean last) {
        synchronized (text) {
            text.append(data);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(
            WebSocket webSocket, int statusCode, String reason) {
        closed.complete(new Closed(statusCode, reason));
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.join().abort();
    }
}
