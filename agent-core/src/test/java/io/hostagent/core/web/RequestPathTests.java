// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.error.CallerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTests {

    @ParameterizedTest
    @CsvSource({
        "/v1.41/info, 1.41, /info",
        "/v1.41, 1.41, /",
        "/v1.41/, 1.41, /",
        "/v1.41/v1.30/info, 1.41, /v1.30/info",
        "//v1.41//info, 1.41, /info",
        "/v1.41/ping, 1.41, /ping",
        "/v1.41?x=/v1.30, 1.41, /"
    })
    void takesOneVersionFromTheFront(String target, String version, String path) {
        RequestPath parsed = RequestPath.parse(target);

        assertThat(parsed.dockerVersion()).isEqualTo(version);
        assertThat(parsed.path()).isEqualTo(path);
        assertThat(parsed.rawPath()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/info",
                "/images/repo/v1.0/json",
                "/v1",
                "/v2",
                "/v1/agents",
                "/v2/agents",
                "/volumes",
                "/version",
                "/vendor",
                "/V1.41/info"
            })
    void leavesAPathWithoutAVersionAlone(String target) {
        RequestPath parsed = RequestPath.parse(target);

        assertThat(parsed.dockerVersion()).isNull();
        assertThat(parsed.path()).isEqualTo(target);
        assertThat(parsed.rawPath()).isEqualTo(target);
        assertThat(parsed.query()).isNull();
    }

    /** The engine's router takes these for a version in front of {@code /swarm}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%761.41/swarm",
                "/v1%2e41/swarm",
                "/v1.41%2Fswarm",
                "/%2Fv1.41/swarm",
                "/v1.41.0/swarm",
                "/v1.41./swarm",
                "/v1..41/swarm",
                "/v.41/swarm",
                "/v1.41-rc1/swarm",
                "/v1.999999/swarm"
            })
    void refusesAVersionThatOnlyTheEngineWouldSee(String target) {
        refuses(target);
    }

    @Test
    void decodesOnceForTheRulesAndPassesOnWhatCame() {
        RequestPath parsed =
                RequestPath.parse("/images/a%2Fb%252F%C3%A9/json?x=%2F&y=a b".replace(" ", "+"));

        assertThat(parsed.path()).isEqualTo("/images/a/b%2F\u00e9/json");
        assertThat(parsed.rawPath()).isEqualTo("/images/a%2Fb%252F%C3%A9/json");
        assertThat(parsed.query()).isEqualTo("x=%2F&y=a+b");
        assertThat(parsed.rawTarget()).isEqualTo("/images/a%2Fb%252F%C3%A9/json?x=%2F&y=a+b");
    }

    @ParameterizedTest
    @CsvSource({"//info, /info", "/containers///json, /containers/json", "/info/, /info/", "//, /"})
    void foldsSlashes(String target, String path) {
        assertThat(RequestPath.parse(target).path()).isEqualTo(path);
        assertThat(RequestPath.parse(target).rawPath()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "http://agent:9001/info?x=1, /info, x=1",
        "https://agent//v1.41/info?, /info, ''",
        "http://agent, /, ",
        "http://agent?x=//, /, x=//"
    })
    void readsTheFormThatIsSentToAProxy(String target, String path, String query) {
        RequestPath parsed = RequestPath.parse(target);

        assertThat(parsed.path()).isEqualTo(path);
        assertThat(parsed.query()).isEqualTo(query);
    }

    @Test
    void keepsAnEmptyQuery() {
        assertThat(RequestPath.parse("/info?").rawTarget()).isEqualTo("/info?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.",
                "/..",
                "/./info",
                "/../info",
                "/containers/..",
                "/containers/../info",
                "/containers/%2e%2e/info",
                "/containers/%2E./info",
                "/containers/.%2e",
                "/containers%2F..%2Finfo",
                "/%2e",
                "/v1.41/../info"
            })
    void refusesDotSegments(String target) {
        refuses(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/...", "/.a", "/a.", "/a..b", "/..a", "/.%252e", "/a/.../b"})
    void takesDotsThatAreNoSegment(String target) {
        assertThat(RequestPath.parse(target).rawPath()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a%00b",
                "/a%0d%0ab",
                "/a%1fb",
                "/a%7fb",
                "/a\u0000b",
                "/a\tb",
                "/a b",
                "/a\u007fb",
                "/a\\..\\b",
                "/a#b",
                "/a\u00e9b",
                "/info?a\u0001b",
                "/info?a\nb",
                "/info?a\u00e9b",
                "/info?a#b"
            })
    void refusesCharactersThatHaveNoPlaceInATarget(String target) {
        refuses(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%", "/a%2", "/a%zz", "/a%-1", "/a%2g", "/%\u0662\u0661"})
    void refusesBrokenPercentEncoding(String target) {
        refuses(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%ff", "/%c3%28", "/%c0%ae%c0%ae/", "/%ed%a0%80", "/%f8%88%80%80%80"})
    void refusesWhatIsNotUtf8(String target) {
        refuses(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "", "info", "agent:9001", "://x/info", "?", "?://x/info", "a b://x/"})
    void refusesATargetThatIsNoPath(String target) {
        refuses(target);
    }

    private static void refuses(String target) {
        assertThatExceptionOfType(CallerException.class)
                .isThrownBy(() -> RequestPath.parse(target))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }
}
