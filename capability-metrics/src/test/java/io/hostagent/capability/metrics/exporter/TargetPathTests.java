// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.web.RequestPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPathTests {

    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void keepsPathAndQueryAsTheyCame() {
        TargetPath path = of("/9100/metrics/a%20b?name[]=x&url=http://user@host/%2F..");

        assertThat(path.container()).isEqualTo(ID);
        assertThat(path.port()).isEqualTo(9100);
        assertThat(path.path()).isEqualTo("/metrics/a b");
        assertThat(path.rawTarget())
                .isEqualTo("/metrics/a%20b?name[]=x&url=http://user@host/%2F..");
        assertThat(of("/1").rawTarget()).isEqualTo("/");
        assertThat(of("/65535/?a").rawTarget()).isEqualTo("/?a");
        assertThat(of("/9100//metrics").rawTarget()).isEqualTo("/metrics");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/x/metrics",
                "/0/metrics",
                "/65536/metrics",
                "/09100/metrics",
                "/9100@169.254.169.254/metrics",
                "/9100:80/metrics",
                "/9100%2Fmetrics",
                "/9100/../22/metrics",
                "/9100/metrics/%2e%2e/secret",
                "/9100/metrics/%252e%252e/secret",
                "/9100/metrics/..;/secret",
                "/9100/metrics/..%5Csecret",
                "/9100/%2F169.254.169.254/latest",
                "/9100/metrics%00"
            })
    void refusesWhatTwoReadersCouldReadDifferently(String rest) {
        assertThatExceptionOfType(CallerException.class)
                .isThrownBy(() -> of(rest))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proxy/localhost/9100/metrics",
                "/proxy/127.0.0.1/9100/metrics",
                "/proxy/0123456789ab/9100/metrics",
                "/proxy/http://169.254.169.254/latest",
                "/proxy"
            })
    void takesNothingButAContainer(String path) {
        assertThatExceptionOfType(CallerException.class)
                .isThrownBy(() -> TargetPath.of(RequestPath.parse(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics, /metrics, true",
        "/metrics/x, /metrics, true",
        "/metrics/, /metrics, true",
        "/metricsx, /metrics, false",
        "/admin, /metrics, false",
        "/, /metrics, false",
        "/anything, /, true",
        "/a/b, /a/, true",
        "/a, /a/, false"
    })
    void isWithinWhatAContainerOffers(String asked, String offered, boolean within) {
        assertThat(of("/9100" + asked).isWithin(offered)).isEqualTo(within);
    }

    private static TargetPath of(String rest) {
        return TargetPath.of(RequestPath.parse("/proxy/" + ID + rest));
    }
}
