// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.settings.SettingsException;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListTests {

    private static final MultiThreadIoEventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private static final ClusterView NOBODY = new ClusterView(List.of(), List.of());

    @AfterAll
    static void stop() {
        LOOPS.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
    }

    private static Discovery.Found find(String text) {
        Names names = new Names(() -> (EventLoop) LOOPS.next());
        return AddressList.parse(text, 9001, names)
                .find(NOBODY, OnBehalf.ITSELF, (member, why) -> {})
                .blockOptional(Duration.ofSeconds(5))
                .orElseThrow();
    }

    @Test
    void entriesAreAddressesOrNamesWithOrWithoutAPort() {
        assertThat(find("10.0.0.1, [fd00::1]:9002 localhost:9003").addresses().keySet())
                .contains(
                        new PeerAddress("10.0.0.1", 9001),
                        new PeerAddress("fd00:0:0:0:0:0:0:1", 9002),
                        new PeerAddress("127.0.0.1", 9003));
    }

    @Test
    void oneNameThatIsUnknownDoesNotHideTheOthers() {
        assertThat(find("10.0.0.1,no-such-host.invalid").addresses())
                .containsOnlyKeys(new PeerAddress("10.0.0.1", 9001));
    }

    @Test
    void whenNoNameIsKnownThatIsSaid() {
        assertThatThrownBy(() -> find("no-such-host.invalid")).isInstanceOf(Exception.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:0", "host:70000", "http://host", "a/b", "[host", "host:9001:1"})
    void whatIsNoAddressIsNamed(String text) {
        assertThatThrownBy(() -> find(text))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("AGENT_CLUSTER_ADDR")
                .hasMessageContaining(text);
    }
}
