// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.relay.Relay;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedReadsTests {

    private static final HttpHeaders NONE = new DefaultHttpHeaders();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/containers/json",
                "/images/json",
                "/networks",
                "/volumes",
                "/services",
                "/tasks",
                "/nodes",
                "/secrets",
                "/configs",
                "/info",
                "/version",
                "/system/df"
            })
    void sharesReadsOfAWholeEngine(String path) {
        assertThat(key(HttpMethod.GET, path, "/v1.41" + path, NONE)).isNotNull();
        assertThat(key(HttpMethod.GET, path, path, new DefaultHttpHeaders().add("Accept", "*/*")))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events",
                "/containers/abc/json",
                "/containers/abc/logs",
                "/containers/abc/stats",
                "/containers/json/",
                "/networks/abc",
                "/swarm",
                "/images/get",
                "/_ping",
                "/"
            })
    void sharesNothingElse(String path) {
        assertThat(key(HttpMethod.GET, path, path, NONE)).isNull();
    }

    @Test
    void sharesNoRequestThatMayChangeSomething() {
        for (String method : new String[] {"POST", "HEAD", "PUT", "DELETE", "OPTIONS"}) {
            assertThat(key(HttpMethod.valueOf(method), "/networks", "/networks", NONE)).isNull();
        }
    }

    @Test
    void sharesNoRequestWithABodyOrAnUpgrade() {
        assertThat(get(new DefaultHttpHeaders().add("Content-Length", "2"))).isNull();
        assertThat(get(new DefaultHttpHeaders().add("Transfer-Encoding", "chunked"))).isNull();
        assertThat(get(new DefaultHttpHeaders().add("Content-Length", "0"))).isNotNull();
        assertThat(get(new DefaultHttpHeaders().add("Connection", "Upgrade").add("Upgrade", "tcp")))
                .isNull();
    }

    @Test
    void tellsTargetsApart() {
        assertThat(key(HttpMethod.GET, "/info", "/info", NONE))
                .isNotEqualTo(key(HttpMethod.GET, "/info", "/v1.41/info", NONE))
                .isNotEqualTo(key(HttpMethod.GET, "/info", "/info?a=1", NONE))
                .isEqualTo(key(HttpMethod.GET, "/info", "/info", NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept",
                "Accept-Encoding",
                "If-None-Match",
                "X-Registry-Auth",
                "X-Registry-Config",
                "Range",
                "Origin",
                "Cache-Control",
                "X-Unheard-Of"
            })
    void tellsRequestsApartByWhatTheEngineMayLookAt(String name) {
        String one = get(new DefaultHttpHeaders().add(name, "1"));

        assertThat(one)
                .isNotEqualTo(get(NONE))
                .isEqualTo(get(new DefaultHttpHeaders().add(name, "1")));
        assertThat(one).isNotEqualTo(get(new DefaultHttpHeaders().add(name, "2")));
        assertThat(one).isNotEqualTo(get(new DefaultHttpHeaders().add(name, "1").add(name, "1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "User-Agent",
                "X-Forwarded-For",
                "Referer",
                "Accept-Language",
                "traceparent",
                "Connection",
                "Authorization",
                "X-PortainerAgent-Signature",
                "Cookie"
            })
    void takesNoNoticeOfWhoAsks(String name) {
        assertThat(get(new DefaultHttpHeaders().add(name, "1"))).isEqualTo(get(NONE));
    }

    @Test
    void sharesNoRequestWithAHugeKey() {
        String filter = "x".repeat(10_000);

        assertThat(key(HttpMethod.GET, "/info", "/info?filters=" + filter, NONE)).isNull();
        assertThat(get(new DefaultHttpHeaders().add("X-Registry-Auth", filter))).isNull();
    }

    private static @Nullable String get(HttpHeaders client) {
        return key(HttpMethod.GET, "/info", "/v1.41/info", client);
    }

    private static @Nullable String key(
            HttpMethod method, String path, String target, HttpHeaders client) {
        return SharedReads.key(
                path,
                client,
                new Relay.Outgoing(
                        method,
                        target,
                        RequestHeaders.forEngine(client),
                        RequestHeaders.upgrade(client),
                        () -> {}));
    }
}
