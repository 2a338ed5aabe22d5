// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.jail.JailPath;
import io.hostagent.core.web.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.multipart.FilePartEvent;
import org.springframework.http.codec.multipart.FormPartEvent;
import org.springframework.http.codec.multipart.PartEvent;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** Takes what clients send, as fast as the disk does and no faster. */
final class Uploads {

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
        return Mono.usingWhen(
                disk.call(() -> new Upload(tree)),
                upload -> save(upload, tree, exchange),
                this::close);
    }

    private Mono<Void> save(Upload upload, FileTree tree, Exchange exchange) {
        return Multipart.of(exchange.request())
                .publishOn(disk.scheduler(), AHEAD)
                .doOnNext(part -> take(part, upload))
                .doOnDiscard(PartEvent.class, part -> DataBufferUtils.release(part.content()))
                .then(
                        disk.run(
                                () -> {
                                    Browser.record(tree, upload.target(), exchange);
                                    upload.finish();
                                }));
    }

    private Mono<Void> close(Upload upload) {
        return disk.run(
                () -> {
                    upload.close();
                });
    }

    private static void take(PartEvent part, Upload upload) {
        try {
            switch (part) {
                case FilePartEvent file when file.name().equals("file") -> {
                    upload.part(file.filename());
                    write(file.content(), upload);
                    if (file.isLast()) {
                        upload.partEnds();
                    }
                }
                case FormPartEvent form when form.name().equals("Path") ->
                        upload.path(form.value());
                default -> {}
            }
        } catch (IOException e) {
            throw Exceptions.propagate(e);
        } finally {
            DataBufferUtils.release(part.content());
        }
    }

    private static void write(DataBuffer content, Upload upload) throws IOException {
        try (DataBuffer.ByteBufferIterator buffers = content.readableByteBuffers()) {
            while (buffers.hasNext()) {
                upload.write(buffers.next());
            }
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
                .doFinally(end -> archives.release())
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
