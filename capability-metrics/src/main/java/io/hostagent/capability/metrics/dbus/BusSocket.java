// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Bytes over a Unix socket, for a while: after it every call fails. For one thread. */
final class BusSocket implements AutoCloseable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long deadline;

    private BusSocket(SocketChannel channel, Selector selector, long deadline) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.deadline = deadline;
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ);
    }

    static BusSocket open(Path path, Duration time) throws IOException {
        long deadline = System.nanoTime() + time.toNanos();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open();
        BusSocket socket = new BusSocket(channel, selector, deadline);
        try {
            // It is accepted at once or never: when too many wait already it fails.
            if (!channel.connect(UnixDomainSocketAddress.of(path)) && !channel.finishConnect()) {
                throw new IOException(path + " has no room for another connection");
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Writes all of it. */
    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    /** Fills a buffer. */
    void read(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int got = channel.read(bytes);
            if (got < 0) {
                throw new EOFException("the bus has closed the connection");
            }
            if (got == 0) {
                await(SelectionKey.OP_READ);
            }
        }
    }

    private void await(int operation) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("the bus does not answer in time");
        }
        key.interestOps(operation);
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        try (channel;
                selector) {
            key.cancel();
        }
    }
}
