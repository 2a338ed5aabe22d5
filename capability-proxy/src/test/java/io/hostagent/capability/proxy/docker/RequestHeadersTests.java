// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "COOKIE",
                "X-Api-Key",
                "X-Csrf-Token",
                "X-Portaineragent-Publickey",
                "X-Portaineragent-Signature",
                "X-Portaineragent-Target",
                "X-Portaineragent-Manageroperation",
                "X-Portaineragent-Sa-Token",
                "X-Portainer-VolumeName"
            })
    void keepsCredentialsFromTheEngine(String name) {
        HttpHeaders client = new DefaultHttpHeaders().add(name, "1").add(name, "2");

        assertThat(RequestHeaders.forEngine(client).names()).containsOnly("host");
    }

    @Test
    void passesOnWhatTheEngineNeeds() {
        HttpHeaders client =
                new DefaultHttpHeaders()
                        .add("Host", "agent:9001")
                        .add("X-Registry-Auth", "abc")
                        .add("User-Agent", "Docker-Client/29");

        HttpHeaders engine = RequestHeaders.forEngine(client);

        assertThat(engine.getAll("Host")).containsExactly("docker");
        assertThat(engine.get("X-Registry-Auth")).isEqualTo("abc");
        assertThat(engine.get("User-Agent")).isEqualTo("Docker-Client/29");
    }

    @Test
    void asksForAnUpgradeOnlyWhenTheClientDoes() {
        assertThat(RequestHeaders.upgrade(headers("tcp", "Upgrade"))).isEqualTo("tcp");
        assertThat(RequestHeaders.upgrade(headers("h2c", "keep-alive, upgrade"))).isEqualTo("h2c");
        assertThat(RequestHeaders.upgrade(headers("tcp", "close"))).isNull();
        assertThat(RequestHeaders.upgrade(headers("HTTP/2.0", "Upgrade"))).isNull();
        assertThat(RequestHeaders.upgrade(new DefaultHttpHeaders())).isNull();
    }

    private static HttpHeaders headers(String upgrade, String connection) {
        return new DefaultHttpHeaders().add("Upgrade", upgrade).add("Connection", connection);
    }
}
