// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Both ends of a TLS connection, joined in memory. */
final class EnginePair {

    private static final int ROOM = 1 << 16;

    final SSLEngine client;
    final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(ROOM);
    private final ByteBuffer toClient = ByteBuffer.allocate(ROOM);
    private final ByteBuffer heardByServer = ByteBuffer.allocate(ROOM);
    private final ByteBuffer heardByClient = ByteBuffer.allocate(ROOM);
    private SSLEngine current;
    private String refusal = "";

    EnginePair(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
        this.current = client;
    }

    /** Exchanges messages until there is nothing more to say. */
    EnginePair shakeHands() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        exchange();
        return this;
    }

    /** Shakes hands, and gives the end that refuses, if one does. */
    @Nullable SSLEngine refusing() {
        try {
            shakeHands();
            return null;
        } catch (SSLException e) {
            refusal = e.toString();
            return current;
        }
    }

    /** Why it refuses, in the JDK's words. */
    String refusal() {
        return refusal;
    }

    /** Sends from the client and gives all that the server has heard. */
    String sendToServer(String text) throws SSLException {
        client.wrap(ByteBuffer.wrap(text.getBytes(US_ASCII)), toServer);
        exchange();
        return heardByServer();
    }

    String heardByServer() {
        return new String(heardByServer.array(), 0, heardByServer.position(), US_ASCII);
    }

    private void exchange() throws SSLException {
        boolean moved = true;
        while (moved) {
            current = client;
            moved = step(client, toClient, heardByClient, toServer);
            current = server;
            moved |= step(server, toServer, heardByServer, toClient);
        }
    }

    private static boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer heard, ByteBuffer out)
            throws SSLException {
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            for (Runnable task = engine.getDelegatedTask();
                    task != null;
                    task = engine.getDelegatedTask()) {
                task.run();
            }
            return true;
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            return engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0;
        }
        in.flip();
        int consumed = engine.unwrap(in, heard).bytesConsumed();
        in.compact();
        return consumed > 0;
    }
}
