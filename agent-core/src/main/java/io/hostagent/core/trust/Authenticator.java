// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.trust.Verdict.Granted;
import io.hostagent.core.trust.Verdict.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is let in, from the headers of a request alone. It may be asked from many event loops
 * at once; apart from the one request that binds a key it never waits for a disk (see {@link
 * WatchedFile} for what it does once a second).
 *
 * <p>A request with signature headers is judged by these alone: a Portainer server passes its
 * user's own {@code Authorization} on, which must mean nothing here.
 */
public final class Authenticator {

    static final String UNAUTHORIZED = "Unauthorized";

    private static final String KEY_HEADER = "X-PortainerAgent-PublicKey";
    private static final String SIGNATURE_HEADER = "X-PortainerAgent-Signature";
    private static final String TOKEN_HEADER = "Authorization";
    private static final Caller METRICS_READER =
            new Caller("token:AGENT_METRICS_TOKEN", Scope.METRICS);
    private static final Logger log = LoggerFactory.getLogger(Authenticator.class);

    private final SignatureCheck signatures;
    private final KeyRule keys;
    private final TokenCheck tokens;
    private final Optional<FixedToken> metricsToken;
    private final AtomicReference<String> logged = new AtomicReference<>("");

    private Authenticator(
            SignatureCheck signatures,
            KeyRule keys,
            TokenCheck tokens,
            Optional<FixedToken> metricsToken) {
        this.metricsToken = metricsToken;
        this.signatures = signatures;
        this.keys = keys;
        this.tokens = tokens;
    }

    /**
     * Begins to judge by the settings and by what the data folder holds.
     *
     * @throws SettingsException when a setting or a file cannot be used: an agent that cannot tell
     *     whom it trusts must not start
     */
    public static Authenticator open(AgentSettings.Trust settings, Path dataPath) {
        return open(settings, dataPath, Clock.systemUTC(), Ticker.systemTicker());
    }

    static Authenticator open(
            AgentSettings.Trust settings, Path dataPath, Clock clock, Ticker ticker) {
        try {
            return new Authenticator(
                    new SignatureCheck(settings.secret()),
                    rule(settings, dataPath, clock, ticker),
                    new TokenCheck(new TokenStore(dataPath, clock), clock, ticker),
                    settings.metricsToken().map(FixedToken::of));
        } catch (IOException e) {
            throw new SettingsException("DATA_PATH=" + dataPath + ": " + e.getMessage());
        }
    }

    /** Judges a request. */
    public Verdict authenticate(Credentials credentials) {
        try {
            return judge(credentials);
        } catch (InvalidSignature e) {
            return new Refused(403, "Invalid request signature", e.reason());
        } catch (IOException e) {
            logOnce(e.toString());
            return new Refused(
                    503,
                    "The agent cannot tell whom it trusts",
                    "Its data folder fails; the agent's log says more");
        }
    }

    /**
     * Whether some client can get in: by a secret, a pinned or bound key, or a token. If what was
     * stored cannot be read, it is taken to be so.
     */
    public boolean associated() {
        try {
            return keys.settled() || metricsToken.isPresent() || tokens.any();
        } catch (IOException e) {
            return true;
        }
    }

    private Verdict judge(Credentials credentials) throws InvalidSignature, IOException {
        String key = header(credentials, KEY_HEADER);
        String signature = header(credentials, SIGNATURE_HEADER);
        if (!key.isEmpty() && !signature.isEmpty()) {
            return bySignature(key, signature);
        }
        String authorization = header(credentials, TOKEN_HEADER);
        if (key.isEmpty() && signature.isEmpty()) {
            if (metricsToken.isPresent() && metricsToken.get().isIn(authorization)) {
                return new Granted(METRICS_READER);
            }
            if (TokenText.isIn(authorization)) {
                return byToken(authorization);
            }
        }
        return new Refused(403, "Missing request signature headers", UNAUTHORIZED);
    }

    private Verdict bySignature(String publicKey, String signature)
            throws InvalidSignature, IOException {
        if (!keys.admits(publicKey)) {
            throw new InvalidSignature(UNAUTHORIZED);
        }
        ClientKey key = signatures.verify(publicKey, signature);
        if (!keys.settle(key)) {
            throw new InvalidSignature(UNAUTHORIZED);
        }
        return new Granted(new Caller(key.callerId(), Scope.ADMIN));
    }

    private Verdict byToken(String authorization) throws IOException {
        Optional<TokenText> presented = TokenText.of(authorization);
        Optional<Caller> caller =
                presented.isPresent() ? tokens.caller(presented.get()) : Optional.empty();
        return caller.<Verdict>map(Granted::new)
                .orElseGet(
                        () ->
                                new Refused(
                                        401,
                                        "Unknown, expired or revoked token",
                                        "Make one with: agent token create"));
    }

    /** Strangers can repeat what leads here; the log has it once. */
    private void logOnce(String failure) {
        if (!failure.equals(logged.getAndSet(failure))) {
            log.error("Callers are refused, for the data folder fails: {}", failure);
        }
    }

    private static KeyRule rule(
            AgentSettings.Trust settings, Path dataPath, Clock clock, Ticker ticker)
            throws IOException {
        if (settings.publicKey().isPresent()) {
            return KeyRule.Pinned.read(settings.publicKey().get());
        }
        return settings.secret().isPresent()
                ? new KeyRule.Any()
                : new FirstUse(new TrustStore(dataPath, clock), ticker);
    }

    private static String header(Credentials credentials, String name) {
        String value = credentials.header(name);
        return value == null ? "" : value;
    }
}
