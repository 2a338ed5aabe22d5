// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntentTests {

    private static final HttpHeaders NONE = new DefaultHttpHeaders();

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void looksByTheMethodsThatLook(String method) {
        assertThat(of(method, "/containers/json", NONE)).isEqualTo(Intent.READ);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST",
                "PUT",
                "DELETE",
                "PATCH",
                "TRACE",
                "CONNECT",
                "get",
                "PROPFIND",
                "X"
            })
    void takesEveryOtherMethodForAChange(String method) {
        assertThat(of(method, "/containers/json", NONE)).isEqualTo(Intent.CHANGE);
    }

    @Test
    void takesAnUpgradeForAChange() {
        HttpHeaders upgrade = new DefaultHttpHeaders().add("upgrade", "tcp");

        assertThat(of("GET", "/info", upgrade)).isEqualTo(Intent.CHANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/containers/x/attach/ws",
                "/containers/x/attach/ws/",
                "/containers/a%2Fb/attach/ws",
                "/v1.41/containers/x/attach/ws",
                "/containers/x%2Fattach%2Fws",
                "/websocket/exec",
                "/v1/websocket/attach",
                "/v2/websocket",
                "/v1.41/v2/websocket/exec"
            })
    void takesAStreamIntoAContainerForAChange(String target) {
        assertThat(of("GET", target, NONE)).isEqualTo(Intent.CHANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/swarm",
                "/swarm/",
                "/swarm/unlockkey",
                "//swarm",
                "/v1.41/swarm",
                "/%73warm",
                "/swarm%2Funlockkey",
                "/swarm?x=1"
            })
    void knowsWhereTheKeysOfASwarmAre(String target) {
        assertThat(of("GET", target, NONE)).isEqualTo(Intent.READ_KEYS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/swarmfoo", "/containers/x/attach", "/websockets", "/x/swarm"})
    void isNotFooledByWhatOnlyLooksAlike(String target) {
        assertThat(of("GET", target, NONE)).isEqualTo(Intent.READ);
    }

    private static Intent of(String method, String target, HttpHeaders headers) {
        return Intent.of(HttpMethod.valueOf(method), headers, RequestPath.parse(target));
    }
}
