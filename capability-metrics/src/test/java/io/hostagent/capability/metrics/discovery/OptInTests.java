// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptInTests {

    @ParameterizedTest
    @CsvSource({
        "prometheus.io/scrape, true, true",
        "prometheus.io/scrape, TRUE, true",
        "prometheus.scrape, 1, true",
        "prometheus.scrape, yes, true",
        "prometheus.io/scrape, false, false",
        "prometheus.io/scrape, '', false",
        "prometheus.io/port, 9100, false",
        "scrape, true, false"
    })
    void isOnlyWhatAsksForIt(String label, String value, boolean asks) {
        assertThat(OptIn.of(Map.of(label, value)).isPresent()).isEqualTo(asks);
    }

    @Test
    void readsBothForms() {
        OptIn kubernetes =
                of(
                        Map.of(
                                "prometheus.io/port", "9100",
                                "prometheus.io/path", "/stats/prometheus",
                                "prometheus.io/scheme", "HTTPS",
                                "prometheus.io/interval", "1m30s"));
        OptIn compose =
                of(
                        Map.of(
                                "prometheus.port", "9100",
                                "prometheus.path", "stats/prometheus",
                                "prometheus.scheme", "https",
                                "prometheus.interval", "1m30s"));

        assertThat(kubernetes).isEqualTo(compose);
        assertThat(kubernetes.port()).isEqualTo(OptionalInt.of(9100));
        assertThat(kubernetes.pathOrDefault()).isEqualTo("/stats/prometheus");
        assertThat(kubernetes.tls()).isTrue();
        assertThat(kubernetes.ignored()).isEmpty();
        assertThat(of(Map.of("prometheus.io/port", "1", "prometheus.port", "2")).port())
                .isEqualTo(OptionalInt.of(1));
    }

    @ParameterizedTest
    @CsvSource({"1s, 1s", "500ms, 500ms", "9s999ms, 9s999ms", "10s, 10s", "5m, 10s", "1h30m, 10s"})
    void givesAScrapeNoLongerThanItsInterval(String interval, String timeout) {
        assertThat(of(Map.of("prometheus.io/interval", interval)).interval().orElseThrow())
                .extracting(ScrapeInterval::text, ScrapeInterval::timeout)
                .containsExactly(interval, timeout);
    }

    @ParameterizedTest
    @CsvSource({
        "port, 0",
        "port, 65536",
        "port, 99999999999",
        "port, -1",
        "port, http",
        "path, /../secret",
        "path, /a/./b",
        "path, //host/x",
        "path, /metrics?a=b",
        "path, /a%2fb",
        "path, '/a;b'",
        "path, '/a b'",
        "scheme, ftp",
        "interval, 5",
        "interval, 0s",
        "interval, 1s1m",
        "interval, fast"
    })
    void leavesOutWhatCannotBeAndSaysSo(String name, String value) {
        OptIn wish = of(Map.of("prometheus.io/" + name, value));

        assertThat(wish.port()).isEmpty();
        assertThat(wish.path()).isEmpty();
        assertThat(wish.scheme()).isEmpty();
        assertThat(wish.interval()).isEmpty();
        assertThat(wish.ignored()).singleElement().asString().startsWith(name + " '" + value + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/metrics/", "/a.b/c-d_e~f", "/..a/b..", "/x:@&=+$,"})
    void takesPlainPaths(String path) {
        assertThat(of(Map.of("prometheus.io/path", path)).path()).contains(path);
    }

    private static OptIn of(Map<String, String> labels) {
        Map<String, String> all = new HashMap<>(labels);
        all.put("prometheus.io/scrape", "true");
        return OptIn.of(all).orElseThrow();
    }
}
