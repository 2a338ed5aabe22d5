// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The body of an answer, made piece by piece by calls that block. Used by one thread at a time. */
public interface BodySource extends Closeable {

    /** As much as is read from a file at once, or made of a list. */
    int PIECE = 128 * 1024;

    /** The next piece, which is not empty and the caller's to release; {@code null} at the end. */
    @Nullable ByteBuf next() throws IOException;
}
