// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.hostagent.core.concurrent.DiskThreads;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer whose body comes from a {@link BodySource}: one piece is read while the one before it
 * is sent, and no more than that is ever in memory.
 */
public final class SourceAnswer implements AnswerProducer {

    private static final Logger log = LoggerFactory.getLogger(SourceAnswer.class);

    private final HttpResponse head;
    private final BodySource source;
    private final DiskThreads disk;

    /**
     * Prepares an answer.
     *
     * @param source closed when the answer is over, whatever its end
     * @param disk where the pieces are made
     */
    public SourceAnswer(HttpResponse head, BodySource source, DiskThreads disk) {
        this.head = head;
        this.source = source;
        this.disk = disk;
    }

    @Override
    public Production into(AnswerOutlet outlet) {
        return new Running(outlet);
    }

    /** Closes a source that was not used. */
    public static void discard(BodySource source) {
        try {
            source.close();
        } catch (IOException e) {
            log.warn("The source of an answer could not be closed", e);
        }
    }

    /** Confined to the outlet's event loop but for {@link #readNow}. */
    private final class Running implements Production {

        private final AnswerOutlet outlet;
        private @Nullable ByteBuf ready;
        private boolean reading;
        private boolean over;
        private boolean aborted;

        Running(AnswerOutlet outlet) {
            this.outlet = outlet;
        }

        @Override
        public void start() {
            outlet.head(head);
            read();
        }

        private void read() {
            reading = true;
            try {
                disk.execute(this::readNow);
            } catch (RejectedExecutionException e) {
                failed(e);
            }
        }

        private void readNow() {
            @Nullable ByteBuf piece;
            try {
                piece = source.next();
            } catch (IOException e) {
                outlet.loop().execute(() -> failed(new UncheckedIOException(e)));
                return;
            } catch (RuntimeException e) {
                outlet.loop().execute(() -> failed(e));
                return;
            }
            outlet.loop().execute(() -> got(piece));
        }

        private void got(@Nullable ByteBuf piece) {
            reading = false;
            if (aborted) {
                if (piece != null) {
                    piece.release();
                }
                close();
                return;
            }
            if (piece == null) {
                over = true;
                close();
                outlet.end(EmptyHttpHeaders.INSTANCE);
                return;
            }
            ready = piece;
            deliver();
        }

        private void failed(RuntimeException cause) {
            reading = false;
            over = true;
            close();
            if (!aborted) {
                log.warn("An answer could not be read to its end: {}", cause.getMessage());
                outlet.fail(cause);
            }
        }

        private void deliver() {
            ByteBuf piece = ready;
            if (piece != null && outlet.isWritable()) {
                ready = null;
                outlet.write(piece);
                // The next one is read while this one is on its way.
                read();
                outlet.flush();
            }
        }

        @Override
        public void onWritable() {
            deliver();
        }

        @Override
        public void abort() {
            aborted = true;
            if (ready != null) {
                ready.release();
                ready = null;
            }
            if (!reading && !over) {
                over = true;
                close();
            }
        }

        private void close() {
            disk.executeLast(() -> discard(source));
        }
    }
}
