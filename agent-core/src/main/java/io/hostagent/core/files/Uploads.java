// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.jail.JailPath;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.Exchange;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Takes what clients send, as fast as the disk does and no faster. */
final class Uploads {

    private static final Logger log = LoggerFactory.getLogger(Uploads.class);

    /** Pieces of a body that wait for the disk, each of up to 64 KiB. */
    private static final int AHEAD = 4;

    /** Each holds a thread for as long as it lasts. */
    private static final int ARCHIVES_AT_ONCE = 4;

    /** A client that sends nothing of an archive for so long has gone. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final DiskThreads disk;
    private final Semaphore archives = new Semaphore(ARCHIVES_AT_ONCE);

    Uploads(DiskThreads disk) {
        this.disk = disk;
    }

    /** Saves the file of a form. */
    Mono<Void> put(FileTree tree, Exchange exchange) {
        String type = exchange.request().requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        String boundary = FormUpload.boundary(type);
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        return disk.open(
                        () ->
                                new FormUpload(
                                        tree,
                                        boundary,
                                        path -> Browser.record(tree, path, exchange)),
                        Uploads::discard)
                .flatMap(form -> Intake.of(exchange.request().receive(), loop, form, disk));
    }

    private static void discard(FormUpload unused) {
        try {
            unused.close();
        } catch (IOException e) {
            log.warn("What was left of an upload could not be removed", e);
        }
    }

    /** Unpacks a tar stream. */
    Mono<Void> unpack(FileTree tree, JailPath path, Exchange exchange) {
        if (!archives.tryAcquire()) {
            throw new CallerException(
                    429,
                    "Unable to unpack the archive",
                    ARCHIVES_AT_ONCE + " archives are being unpacked: ask again later");
        }
        Iterator<byte[]> parts =
                exchange.request()
                        .receive()
                        .asByteArray()
                        .timeout(SILENCE)
                        .toIterable(AHEAD)
                        .iterator();
        return disk.run(
                        () -> {
                            try (Jail jail = tree.open();
                                    InputStream body = new PartsStream(parts)) {
                                new TarUpload(jail, path).unpack(body);
                            }
                        })
                .doFinally(
                        end -> {
                            archives.release();
                            PartsStream.giveUp(parts);
                        })
                .then();
    }

    /** A body as a stream that waits for its next part. */
    private static final class PartsStream extends InputStream {

        private final Iterator<byte[]> parts;
        private ByteBuffer part = ByteBuffer.allocate(0);

        PartsStream(Iterator<byte[]> parts) {
            this.parts = parts;
        }

        @Override
        public int read() throws IOException {
            return fill() ? part.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, part.remaining());
            part.get(target, offset, count);
            return count;
        }

        /** Asks for no more parts. */
        static void giveUp(Iterator<byte[]> parts) {
            if (parts instanceof Disposable asking) {
                asking.dispose();
            }
        }

        private boolean fill() throws IOException {
            try {
                while (!part.hasRemaining()) {
                    if (!parts.hasNext()) {
                        return false;
                    }
                    part = ByteBuffer.wrap(parts.next());
                }
                return true;
            } catch (RuntimeException e) {
                throw new IOException("the client sent no more", e);
            }
        }
    }
}
