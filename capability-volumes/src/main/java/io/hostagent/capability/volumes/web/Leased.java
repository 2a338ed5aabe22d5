// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.core.files.Download;
import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A body that is read under something that has to be given back when it is over. */
final class Leased implements BodySource {

    /** Opens what is read. */
    @FunctionalInterface
    interface Opening {

        /** Opens it. */
        Download open() throws IOException;
    }

    private final BodySource body;
    private final Runnable back;

    private Leased(BodySource body, Runnable back) {
        this.body = body;
        this.back = back;
    }

    /**
     * Opens what is read.
     *
     * @param back gives it back, exactly once: when the body is closed, or at once when there is
     *     none
     */
    static Download reading(Runnable back, Opening opening) throws IOException {
        boolean kept = false;
        try {
            Download found = opening.open();
            BodySource body = found.source();
            if (body == null) {
                return found;
            }
            kept = true;
            return new Download(found.head(), new Leased(body, back));
        } finally {
            if (!kept) {
                back.run();
            }
        }
    }

    @Override
    public @Nullable ByteBuf next() throws IOException {
        return body.next();
    }

    @Override
    public void close() throws IOException {
        try {
            body.close();
        } finally {
            back.run();
        }
    }
}
