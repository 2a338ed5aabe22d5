// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.trust.Caller;
import java.util.function.Consumer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A request that has passed the gate.
 *
 * @param caller who asks
 * @param path what is asked
 * @param about to be told of a file outside of all volumes before it is read or changed: that
 *     leaves an audit line with its path
 * @param switched to be run when the connection stops speaking HTTP and becomes a raw stream
 */
public record Exchange(
        HttpServerRequest request,
        HttpServerResponse response,
        Caller caller,
        RequestPath path,
        Consumer<String> about,
        Runnable switched) {}
