// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineAddressTests {

    @Test
    void readsASocket() {
        assertThat(EngineAddress.parse("unix:///run/docker.sock", false, null))
                .isEqualTo(new EngineAddress.UnixSocket(Path.of("/run/docker.sock")))
                .hasToString("/run/docker.sock");
    }

    @Test
    void readsATcpPort() {
        assertThat(EngineAddress.parse("tcp://engine:2222", false, null))
                .isEqualTo(new EngineAddress.Tcp("engine", 2222, null))
                .hasToString("tcp://engine:2222");
    }

    @Test
    void readsAnIpv6Address() {
        assertThat(EngineAddress.parse("tcp://[::1]:2222", false, null))
                .isEqualTo(new EngineAddress.Tcp("::1", 2222, null));
    }

    @Test
    void takesThePortThatDockerUsesWhenNoneIsGiven() {
        Path certificates = Path.of("/certs");

        assertThat(EngineAddress.parse("tcp://engine", false, certificates))
                .isEqualTo(new EngineAddress.Tcp("engine", 2375, null));
        assertThat(EngineAddress.parse("tcp://engine/", true, certificates))
                .isEqualTo(new EngineAddress.Tcp("engine", 2376, certificates));
    }

    @Test
    void asksForCertificatesWhenTlsIsOn() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> EngineAddress.parse("tcp://engine", true, null))
                .withMessageContaining("DOCKER_CERT_PATH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unix://",
                "unix:/run/docker.sock",
                "/run/docker.sock",
                "ssh://host",
                "npipe:////./pipe/docker_engine",
                "http://engine:2375",
                "tcp://",
                "tcp://:2375",
                "tcp://engine:99999",
                "tcp://engine:0",
                "tcp://engine:2375/base",
                "tcp://engine:2375?x=1",
                "tcp://user@engine:2375",
                "tcp://en gine"
            })
    void refusesWhatItCannotReach(String text) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> EngineAddress.parse(text, false, null))
                .withMessageContaining("DOCKER_HOST=" + text);
    }
}
