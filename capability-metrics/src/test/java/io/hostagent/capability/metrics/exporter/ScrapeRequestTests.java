// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeRequestTests {

    @ParameterizedTest
    @CsvSource({
        "'', 10000",
        "10, 9500",
        "3, 2700",
        "0.5, 450",
        "1000, 119500",
        "0, 10000",
        "-3, 10000",
        "NaN, 10000",
        "1e9, 10000",
        "999999999999, 10000"
    })
    void endsBeforePrometheusDoes(String seconds, long millis) {
        HttpHeaders headers = new DefaultHttpHeaders();
        if (!seconds.isEmpty()) {
            headers.set("X-Prometheus-Scrape-Timeout-Seconds", seconds);
        }
        assertThat(ScrapeRequest.of("/", headers).limit()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void tellsAnExporterWhatAScrapeIsAboutAndNoMore() {
        HttpHeaders client =
                new DefaultHttpHeaders()
                        .set("Host", "agent:9001")
                        .set("Authorization", "Bearer secret")
                        .set("Cookie", "a=b")
                        .set("X-PortainerAgent-Signature", "s")
                        .set("X-Forwarded-For", "1.2.3.4")
                        .set("Connection", "close, Accept")
                        .set("Accept", "text/plain")
                        .set("Accept-Encoding", "gzip")
                        .set("User-Agent", "Prometheus/2.53")
                        .set("X-Prometheus-Scrape-Timeout-Seconds", "5");

        assertThat(ScrapeRequest.of("/", client).headersTo("172.17.0.2:9100").entries())
                .extracting(header -> header.getKey() + ": " + header.getValue())
                .containsExactlyInAnyOrder(
                        "host: 172.17.0.2:9100",
                        "accept: text/plain",
                        "accept-encoding: gzip",
                        "user-agent: Prometheus/2.53",
                        "X-Prometheus-Scrape-Timeout-Seconds: 5");
    }
}
