// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;

/** Where the body of a request goes, by calls that block. Used by one thread at a time. */
interface BodySink extends Closeable {

    /** Takes the next part, which stays the caller's to release. */
    void accept(ByteBuf part) throws IOException;

    /** All has come. */
    void finish() throws IOException;
}
