// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * One request and its response, as an upstream connection reports it. Everything is called on the
 * connection's event loop; exactly one of {@code onConnectFailed}, {@code onEnd} and {@code
 * onFailure} ends it.
 */
interface UpstreamExchange {

    void onConnectFailed(UpstreamUnreachableException cause);

    void onConnected(UpstreamConnection connection);

    /** The final response head; interim responses other than 101 are not reported. */
    void onHead(HttpResponse head);

    /** A piece of the body, never empty; the receiver owns it. */
    void onBody(ByteBuf data);

    /** What the kernel had is read: a good moment to flush, for one that hands pieces on. */
    default void onBurstEnd() {}

    void onEnd(HttpHeaders trailers);

    /** The upstream connection takes writes again; one that sent its request whole has none. */
    default void onWritable() {}

    void onFailure(UpstreamFailedException cause);
}
