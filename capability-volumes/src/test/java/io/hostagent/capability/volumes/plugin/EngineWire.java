// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;

/** A connection to a plugin, byte by byte as an engine has one. */
final class EngineWire implements Closeable {

    private final SocketChannel channel;
    private final InputStream in;

    EngineWire(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    /** An answer. */
    record Reply(int status, String head, String body) {}

    /** Asks as an old engine does: with an empty host, and without the type of the body. */
    Reply post(String path, String body) throws IOException {
        send(request(path, body));
        return reply();
    }

    static String request(String path, String body) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "
                + body.getBytes(UTF_8).length
                + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n"
                + body;
    }

    void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    Reply reply() throws IOException {
        String head = head();
        int length = 0;
        for (String line : head.lines().toList()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
            }
        }
        String body = new String(in.readNBytes(length), UTF_8);
        return new Reply(Integer.parseInt(head.substring(9, 12)), head, body);
    }

    private String head() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("Closed after: " + bytes.toString(UTF_8));
            }
            bytes.write(next);
        }
        return bytes.toString(UTF_8);
    }

    /** Reads what is not there, until the end. */
    int read() throws IOException {
        return in.read();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
