// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Knows the callers by their bearer tokens. */
final class TokenCheck {

    private final WatchedFile<Map<String, Token>> tokens;
    private final Clock clock;

    TokenCheck(TokenStore store, Clock clock, Ticker ticker) throws IOException {
        this.tokens = new WatchedFile<>(store.file(), ignored -> byId(store), ticker);
        this.clock = clock;
    }

    /** The caller that a token is of, unless it is unknown, revoked or expired. */
    Optional<Caller> caller(TokenText presented) throws IOException {
        Instant now = clock.instant();
        return Optional.ofNullable(tokens.current().get(presented.id()))
                .filter(token -> sameHash(token, presented))
                .filter(token -> !token.expiredAt(now))
                .map(token -> new Caller(token.callerId(), token.scope()));
    }

    /** Whether any token is good for something. */
    boolean any() throws IOException {
        Instant now = clock.instant();
        return tokens.current().values().stream().anyMatch(token -> !token.expiredAt(now));
    }

    private static boolean sameHash(Token token, TokenText presented) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(token.sha256()), presented.sha256());
    }

    private static Map<String, Token> byId(TokenStore store) throws IOException {
        return store.list().stream()
                .collect(Collectors.toUnmodifiableMap(Token::id, Function.identity(), (a, b) -> b));
    }
}
