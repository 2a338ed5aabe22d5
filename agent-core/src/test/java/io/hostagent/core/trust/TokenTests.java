// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static io.hostagent.core.trust.Vectors.NO_SECRET;
import static io.hostagent.core.trust.Vectors.bearer;
import static io.hostagent.core.trust.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.trust.Verdict.Granted;
import io.hostagent.core.trust.Verdict.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTests {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path data;

    private final ManualTicker ticker = new ManualTicker();
    private TokenStore tokens;

    @BeforeEach
    void open() {
        tokens = new TokenStore(data, at(NOW));
    }

    @Test
    void aTokenLetsInWithItsScopeAndName() throws Exception {
        IssuedToken named = tokens.create(Scope.METRICS, "prometheus", null);
        IssuedToken nameless = tokens.create(Scope.READ, null, null);
        Authenticator agent = agent(NOW);
        assertThat(agent.authenticate(bearer(named)))
                .isEqualTo(new Granted(new Caller("token:prometheus", Scope.METRICS)));
        assertThat(agent.authenticate(bearer(nameless)))
                .isEqualTo(new Granted(new Caller("token:" + nameless.token().id(), Scope.READ)));
        assertThat(
                        agent.authenticate(
                                Vectors.headers(Map.of("Authorization", "bearer " + text(named)))))
                .isInstanceOf(Granted.class);
        assertThat(agent.associated()).isTrue();
    }

    @Test
    void refusesTokensThatAreUnknownOrAlmostRight() throws Exception {
        String right = text(tokens.create(Scope.ADMIN, null, null));
        Authenticator agent = agent(NOW);
        char last = right.charAt(right.length() - 1);
        for (String wrong :
                List.of(
                        right.substring(0, right.length() - 1) + (last == '0' ? '1' : '0'),
                        right + "0",
                        right + " ",
                        right.substring(0, right.length() - 1),
                        "uha_00000000_" + "0".repeat(64),
                        "uha_",
                        "uha_x_y")) {
            assertRefused(agent, bearer(wrong));
        }
    }

    @Test
    void anExpiredTokenIsOfNoUse() throws Exception {
        IssuedToken token = tokens.create(Scope.READ, null, Duration.ofDays(30));
        assertThat(agent(NOW.plus(Duration.ofDays(30)).minusSeconds(1)).authenticate(bearer(token)))
                .isInstanceOf(Granted.class);
        Authenticator later = agent(NOW.plus(Duration.ofDays(30)));
        assertRefused(later, bearer(token));
        assertThat(later.associated()).isFalse();
    }

    @Test
    void aRunningAgentNoticesNewAndRevokedTokens() throws Exception {
        Authenticator agent = agent(NOW);
        IssuedToken token = tokens.create(Scope.READ, "ci", null);
        ticker.advance(SECOND);
        assertThat(agent.authenticate(bearer(token))).isInstanceOf(Granted.class);
        assertThat(new TokenStore(data, at(NOW)).revoke("ci")).hasValue(token.token());
        ticker.advance(SECOND);
        assertRefused(agent, bearer(token));
        assertThat(tokens.revoke("ci")).isEmpty();
    }

    @Test
    void theTokenItselfIsNotStoredAndNotShown() throws Exception {
        IssuedToken token = tokens.create(Scope.ADMIN, "ops", null);
        String text = text(token);
        String secret = text.substring(text.lastIndexOf('_') + 1);
        assertThat(text).matches("uha_[0-9a-f]{8}_[0-9a-f]{64}");
        assertThat(Files.readString(data.resolve("tokens.json"))).doesNotContain(secret);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(data.resolve("tokens.json"))))
                .isEqualTo("rw-------");
        assertThat(token.toString()).doesNotContain(secret, token.token().sha256());
        assertThat(TokenText.of("Bearer " + text).orElseThrow().toString()).doesNotContain(secret);
        assertThat(agent(NOW).authenticate(bearer(text)).toString()).doesNotContain(secret);
    }

    @Test
    void revokesByIdAndKeepsTheOthers() throws Exception {
        IssuedToken one = tokens.create(Scope.READ, "one", null);
        IssuedToken two = tokens.create(Scope.READ, "two", null);
        assertThat(tokens.revoke(one.token().id())).isPresent();
        assertThat(tokens.list()).containsExactly(two.token());
    }

    @Test
    void namesAreSafeAndUsedOnce() throws Exception {
        tokens.create(Scope.READ, "one", null);
        for (String name :
                List.of("one", "", "a b", "a\nb", "-x", "deadbeef", "x".repeat(64), "é")) {
            assertThatThrownBy(() -> tokens.create(Scope.READ, name, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(tokens.list()).hasSize(1);
    }

    @Test
    void noUpdateIsLostBetweenManyWriters() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<IssuedToken>> made = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                made.add(
                        threads.submit(
                                () ->
                                        new TokenStore(data, at(NOW))
                                                .create(Scope.READ, null, null)));
            }
            for (Future<IssuedToken> token : made) {
                token.get();
            }
        }
        assertThat(tokens.list()).hasSize(40);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'id':'0123abcd','name':true,'scope':'read','sha256':'%s',"
                        + "'created':'2026-01-01T00:00:00Z','expires':null}"
            })
    void doesNotStartWithADamagedFile(String token) throws Exception {
        String file = "{'version':1,'tokens':[" + token.formatted("0".repeat(64)) + "]}";
        Files.writeString(data.resolve("tokens.json"), file.replace('\'', '"'));
        assertThatThrownBy(() -> agent(NOW))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tokens.json");
    }

    private static void assertRefused(Authenticator agent, Credentials credentials) {
        assertThat(agent.authenticate(credentials))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(401);
                            assertThat(refused.message())
                                    .isEqualTo("Unknown, expired or revoked token");
                        });
    }

    private Authenticator agent(Instant now) {
        return Authenticator.open(NO_SECRET, data, at(now), ticker);
    }

    private static Clock at(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }
}
