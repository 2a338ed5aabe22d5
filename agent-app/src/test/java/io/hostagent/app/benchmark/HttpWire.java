// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/**
 * One keep-alive HTTP/1.1 connection of a benchmark, as thin as it can be, so that what is measured
 * is the server: over a Unix socket or over TLS, with the same code above the bytes.
 */
final class HttpWire implements Closeable {

    private final Closeable connection;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];

    private HttpWire(Closeable connection, InputStream in, OutputStream out) {
        this.connection = connection;
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = out;
    }

    static HttpWire unix(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new HttpWire(
                channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    static HttpWire tcp(int port) throws IOException {
        return tcp(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    static HttpWire tcp(String address, int port) throws IOException {
        Socket socket = new Socket(address, port);
        return new HttpWire(socket, socket.getInputStream(), socket.getOutputStream());
    }

    static HttpWire tls(SSLContext context, int port) throws IOException {
        return tls(context, "127.0.0.1", port);
    }

    static HttpWire tls(SSLContext context, String address, int port) throws IOException {
        Socket socket = context.getSocketFactory().createSocket(address, port);
        socket.setTcpNoDelay(true);
        return new HttpWire(socket, socket.getInputStream(), socket.getOutputStream());
    }

    /**
     * Sends a GET and reads the whole answer.
     *
     * @return bytes of the body
     * @throws IOException also when the status is not 200
     */
    long get(String path, String headers) throws IOException {
        request(path, headers);
        return answer();
    }

    /** Sends a GET and leaves the answer for later. */
    void request(String path, String headers) throws IOException {
        out.write(
                ("GET " + path + " HTTP/1.1\r\nHost: docker\r\n" + headers + "\r\n")
                        .getBytes(ISO_8859_1));
        out.flush();
    }

    private long answer() throws IOException {
        Framing framing = head();
        if (!framing.chunked()) {
            skip(framing.length());
            return framing.length();
        }
        long total = 0;
        for (long size = chunk(); size > 0; size = chunk()) {
            skip(size);
            line();
            total += size;
        }
        while (!line().isEmpty()) {
            // A trailer, which no benchmark asks for.
        }
        return total;
    }

    /** How a body is delimited; its length is -1 when it is chunked. */
    record Framing(boolean chunked, long length) {}

    /** Reads the head of an answer, which must be a 200. */
    Framing head() throws IOException {
        String status = line();
        long length = -1;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            }
        }
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(status);
        }
        return new Framing(chunked, length);
    }

    private long chunk() throws IOException {
        return Long.parseLong(line(), 16);
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("The body ended " + left + " bytes early");
            }
            left -= read;
        }
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The connection ended in a head");
            }
            if (c != '\r') {
                text.append((char) c);
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
