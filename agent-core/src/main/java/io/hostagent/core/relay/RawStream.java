// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * An upstream connection on which the server has stopped speaking HTTP. It is there for the taking
 * until the subscriber that was given it returns; then it is closed.
 */
public final class RawStream {

    private final UpstreamConnection connection;
    private boolean taken;

    RawStream(UpstreamConnection connection) {
        this.connection = connection;
    }

    /**
     * Makes the connection the caller's. Called once, on its event loop.
     *
     * @param receiver gets every byte from the first one on, some of them before this returns
     */
    public Channel take(ChannelHandler receiver) {
        taken = true;
        Channel channel = connection.detach();
        channel.config().setAutoRead(true);
        RawPipeline.replace(channel, receiver);
        return channel;
    }

    void closeUnlessTaken() {
        if (!taken) {
            connection.close();
        }
    }
}
