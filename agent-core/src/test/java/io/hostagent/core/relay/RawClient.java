// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;

/** A client that sends exactly what a test says, and sees exactly what comes. */
public final class RawClient implements AutoCloseable {

    private final Socket socket = new Socket();
    private final InputStream in;

    /** Connects to a port of this host. */
    public RawClient(int port) throws IOException {
        this(port, 0);
    }

    /** Connects with a small receive buffer, for tests that do not read. */
    public RawClient(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a text, each character one byte. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    /** Sends bytes. */
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a GET without headers of its own. */
    public RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    /** Reads a status line and headers, with the empty line behind them. */
    public String readHead() throws IOException {
        return readUntil("\r\n\r\n");
    }

    /** Reads until a text has come, or the end. */
    public String readUntil(String mark) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) >= 0) {
            bytes.write(next);
            if (next == mark.charAt(mark.length() - 1)
                    && bytes.toString(ISO_8859_1).endsWith(mark)) {
                break;
            }
        }
        return bytes.toString(ISO_8859_1);
    }

    /** Reads so many bytes, or fewer when the server closes. */
    public String read(int count) throws IOException {
        return new String(in.readNBytes(count), ISO_8859_1);
    }

    /** A response whose length its head gives: status and body. */
    public String readResponse() throws IOException {
        String head = readHead();
        String lower = head.toLowerCase(Locale.ROOT);
        String status = head.substring(9, 12) + " ";
        if (lower.contains("transfer-encoding: chunked")) {
            return status + readUntil("0\r\n\r\n");
        }
        int at = lower.indexOf("content-length: ");
        int length = Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)));
        return status + read(length);
    }

    /** Everything up to the end of the connection, be it a close or a reset. */
    public String readToEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                bytes.write(buffer, 0, count);
            }
        } catch (SocketException e) {
            // A reset ends the connection as well.
        }
        return bytes.toString(ISO_8859_1);
    }

    /** Stops sending, and goes on to listen. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with a reset, as a client that is killed. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
