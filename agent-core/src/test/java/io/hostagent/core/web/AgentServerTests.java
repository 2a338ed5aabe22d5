// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.tls.UnverifiedTls;
import io.hostagent.core.trust.AuditLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What is asked of a client's connection. */
class AgentServerTests {

    @Test
    void asksAfterAClientThatSaysNothing() throws Exception {
        BlockingQueue<Channel> accepted = new ArrayBlockingQueue<>(1);
        DisposableServer server =
                new AgentServer(
                                withoutCertificate(),
                                new UnverifiedTls(),
                                new AuditLog(),
                                8,
                                AgentMeters.NONE)
                        .apply(HttpServer.create().host("127.0.0.1").port(0))
                        .doOnChannelInit((observer, channel, remote) -> accepted.add(channel))
                        .bindNow();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Channel channel = accepted.poll(10, TimeUnit.SECONDS);

            assertThat(client.isConnected()).isTrue();
            assertThat(channel).isNotNull();
            Map<ChannelOption<?>, Object> options = channel.config().getOptions();
            assertThat(options)
                    .containsEntry(ChannelOption.SO_KEEPALIVE, true)
                    .containsEntry(EpollChannelOption.TCP_KEEPIDLE, 30)
                    .containsEntry(EpollChannelOption.TCP_KEEPINTVL, 10)
                    .containsEntry(EpollChannelOption.TCP_KEEPCNT, 6);
        } finally {
            server.disposeNow();
        }
    }

    private static SslContext withoutCertificate() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(empty, new char[0]);
        return SslContextBuilder.forServer(keys).build();
    }
}
