// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.regex.Pattern;

/** What a request may do, judged by its method and path alone: whatever is in doubt changes. */
enum Intent {
    /** It only looks. */
    READ,
    /** It only looks, at something that gives power: join tokens and unlock keys of a Swarm. */
    READ_KEYS,
    /** It may change something, or opens a stream into a container. */
    CHANGE;

    private static final Pattern KEYS = Pattern.compile("/swarm(/unlockkey)?/?");
    private static final Pattern STREAMS =
            Pattern.compile("/containers/.+/attach/ws/?|(/v[12])?/websocket(/.*)?");

    static Intent of(HttpMethod method, HttpHeaders headers, RequestPath path) {
        boolean looks =
                method.equals(HttpMethod.GET)
                        || method.equals(HttpMethod.HEAD)
                        || method.equals(HttpMethod.OPTIONS);
        if (!looks
                || headers.contains(HttpHeaderNames.UPGRADE)
                || STREAMS.matcher(path.path()).matches()) {
            return CHANGE;
        }
        return KEYS.matcher(path.path()).matches() ? READ_KEYS : READ;
    }
}
