// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Which agent is at the other end of a connection, if TLS has proven that one is. It is written
 * down once, after the handshake, and read for each request.
 */
final class AgentPeer {

    private static final AttributeKey<String> NAME = AttributeKey.valueOf(AgentPeer.class, "name");

    private AgentPeer() {}

    static void set(Channel channel, String name) {
        channel.attr(NAME).set(name);
    }

    /** The agent's name; {@code null} when the client is anybody. */
    static @Nullable String of(Channel channel) {
        return channel.attr(NAME).get();
    }
}
