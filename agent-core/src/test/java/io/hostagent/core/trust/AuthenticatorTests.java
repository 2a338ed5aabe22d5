// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static io.hostagent.core.trust.Vectors.KEY_1;
import static io.hostagent.core.trust.Vectors.KEY_2;
import static io.hostagent.core.trust.Vectors.NO_SECRET;
import static io.hostagent.core.trust.Vectors.SIGNATURE_1;
import static io.hostagent.core.trust.Vectors.SIGNATURE_2;
import static io.hostagent.core.trust.Vectors.V1;
import static io.hostagent.core.trust.Vectors.V2;
import static io.hostagent.core.trust.Vectors.V3;
import static io.hostagent.core.trust.Vectors.V4;
import static io.hostagent.core.trust.Vectors.WITH_SECRET;
import static io.hostagent.core.trust.Vectors.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.trust.Verdict.Granted;
import io.hostagent.core.trust.Verdict.Refused;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTests {

    private static final Refused MISSING =
            new Refused(403, "Missing request signature headers", "Unauthorized");
    private static final Refused INVALID =
            new Refused(403, "Invalid request signature", "Unauthorized");

    @TempDir Path data;

    @Test
    void grantsValidSignaturesAndRefusesAWrongOne() {
        Authenticator agent = open(NO_SECRET);
        assertGranted(agent.authenticate(V1));
        assertGranted(agent.authenticate(V4));
        assertThat(agent.authenticate(V3)).isEqualTo(INVALID);
        assertThat(agent.authenticate(V2)).isEqualTo(INVALID);
    }

    @Test
    void isNotPoisonedByAWrongSignature() {
        Authenticator agent = open(NO_SECRET);
        assertThat(agent.authenticate(V3)).isEqualTo(INVALID);
        assertThat(agent.authenticate(V2)).isEqualTo(INVALID);
        assertThat(data).isEmptyDirectory();
        assertGranted(agent.authenticate(V1));
    }

    @Test
    void withASecretGrantsAnyKeyThatSignsIt() {
        Authenticator agent = open(WITH_SECRET);
        assertGranted(agent.authenticate(V2));
        assertThat(agent.authenticate(V1)).isEqualTo(INVALID);
        assertThat(agent.authenticate(V3)).isEqualTo(INVALID);
        assertThat(agent.authenticate(V4)).isEqualTo(INVALID);
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void theMetricsTokenReadsMetricsAndNothingElse() {
        String token = "a token of the settings";
        Authenticator agent = open(Vectors.metricsToken(token));
        Verdict verdict =
                agent.authenticate(Vectors.headers(Map.of("Authorization", "bearer " + token)));
        assertThat(verdict)
                .isEqualTo(new Granted(new Caller("token:AGENT_METRICS_TOKEN", Scope.METRICS)));
        assertThat(agent.associated()).isTrue();
        for (String other : new String[] {token + "x", "Bearer " + token + " ", "Bearer ", ""}) {
            assertThat(agent.authenticate(Vectors.headers(Map.of("Authorization", other))))
                    .isEqualTo(MISSING);
        }
    }

    /** A Portainer server passes its user's own on, which must mean nothing here. */
    @Test
    void theMetricsTokenMeansNothingBesideASignature() {
        String token = "a token of the settings";
        Authenticator agent = open(Vectors.metricsToken(token));
        Map<String, String> headers =
                Map.of(
                        "Authorization",
                        "Bearer " + token,
                        "X-PortainerAgent-PublicKey",
                        KEY_1,
                        "X-PortainerAgent-Signature",
                        SIGNATURE_2);
        assertThat(agent.authenticate(Vectors.headers(headers))).isEqualTo(INVALID);
    }

    @Test
    void pinnedKeyIsTheOnlyOne() throws Exception {
        Authenticator agent = open(Vectors.settings(null, KEY_1.toUpperCase(Locale.ROOT)));
        assertThat(agent.authenticate(Vectors.newClient("secp256r1"))).isEqualTo(INVALID);
        assertGranted(agent.authenticate(V1));
        assertThat(agent.associated()).isTrue();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void pinnedKeyHasToSignTheSecretToo() {
        assertGranted(open(Vectors.settings(Vectors.SECRET, KEY_2)).authenticate(V2));
        assertThat(open(Vectors.settings(Vectors.SECRET, KEY_1)).authenticate(V2))
                .isEqualTo(INVALID);
        assertThat(open(Vectors.settings(Vectors.SECRET, KEY_1)).authenticate(V1))
                .isEqualTo(INVALID);
    }

    @Test
    void doesNotStartWithAPinnedKeyThatIsNone() {
        assertThatThrownBy(() -> open(Vectors.settings(null, "abc")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("AGENT_PUBLIC_KEY");
    }

    @Test
    void refusesRequestsWithoutCredentials() {
        Authenticator agent = open(NO_SECRET);
        assertThat(agent.authenticate(name -> null)).isEqualTo(MISSING);
        assertThat(agent.authenticate(name -> "")).isEqualTo(MISSING);
        assertThat(agent.authenticate(Vectors.bearer("eyJhbGciOiJIUzI1NiJ9.e30.abc")))
                .isEqualTo(MISSING);
        for (String only :
                new String[] {"X-PortainerAgent-PublicKey", "X-PortainerAgent-Signature"}) {
            assertThat(agent.authenticate(Vectors.headers(Map.of(only, KEY_1)))).isEqualTo(MISSING);
        }
    }

    @Test
    void signatureHeadersDecideOverABearerToken() throws Exception {
        IssuedToken token = new TokenStore(data, Clock.systemUTC()).create(Scope.READ, null, null);
        Authenticator agent = open(NO_SECRET);
        String authorization = "Bearer " + Vectors.text(token);
        Map<String, String> both =
                Map.of(
                        "X-PortainerAgent-PublicKey", KEY_1,
                        "X-PortainerAgent-Signature", "nonsense",
                        "Authorization", authorization);
        assertThat(agent.authenticate(Vectors.headers(both))).isInstanceOf(Refused.class);
        assertThat(
                        agent.authenticate(
                                Vectors.headers(
                                        Map.of(
                                                "X-PortainerAgent-PublicKey", KEY_1,
                                                "Authorization", authorization))))
                .isEqualTo(MISSING);
        assertThat(
                        agent.authenticate(
                                Vectors.headers(
                                        Map.of(
                                                "X-PortainerAgent-PublicKey", KEY_1,
                                                "X-PortainerAgent-Signature", SIGNATURE_1,
                                                "Authorization", "Bearer eyJ.e30.x"))))
                .isInstanceOf(Granted.class);
    }

    @Test
    void takesTheKeyInUpperCase() {
        assertGranted(
                open(NO_SECRET).authenticate(signed(KEY_1.toUpperCase(Locale.ROOT), SIGNATURE_1)));
    }

    @Test
    void refusesPadding() {
        assertThat(open(NO_SECRET).authenticate(signed(KEY_1, SIGNATURE_1 + "==")))
                .isEqualTo(
                        new Refused(
                                403,
                                "Invalid request signature",
                                "Illegal base64 data at input byte 86"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "2syfZzY6KFD_4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih-YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVw",
                // The last character's unused bits are not zero.
                "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVx",
                "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iV",
                "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVwAA",
                " 2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVw",
                "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVw\n",
                "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78é"
            })
    void refusesOtherTextsOfASignature(String signature) {
        assertThat(open(NO_SECRET).authenticate(signed(KEY_1, signature)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(403);
                            assertThat(refused.message()).isEqualTo("Invalid request signature");
                            assertThat(refused.details()).matches("[A-Z].*");
                        });
    }

    @Test
    void refusesHalvesThatAreNoScalars() {
        BigInteger n = P256.PARAMETERS.getOrder();
        byte[] good = Base64.getDecoder().decode(SIGNATURE_1);
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, 32, 64));
        BigInteger top = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        Authenticator agent = open(NO_SECRET);
        for (BigInteger bad : new BigInteger[] {BigInteger.ZERO, n, n.add(BigInteger.ONE), top}) {
            assertThat(agent.authenticate(signed(KEY_1, signature(bad, s)))).isEqualTo(INVALID);
            assertThat(agent.authenticate(signed(KEY_1, signature(r, bad)))).isEqualTo(INVALID);
            assertThat(agent.authenticate(signed(KEY_1, signature(bad, bad)))).isEqualTo(INVALID);
        }
        assertThat(data).isEmptyDirectory();
        assertGranted(agent.authenticate(signed(KEY_1, signature(r, s))));
    }

    @Test
    void refusesKeysOfOtherKinds() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        for (AgentSettings.Trust settings : new AgentSettings.Trust[] {NO_SECRET, WITH_SECRET}) {
            Authenticator agent = open(settings);
            assertInvalid(agent, Vectors.client(rsa.generateKeyPair(), "SHA256withRSA"));
            assertInvalid(agent, Vectors.newClient("secp384r1"));
            assertInvalid(agent, Vectors.newClient("secp521r1"));
            assertInvalid(
                    agent,
                    Vectors.client(
                            KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "Ed25519"));
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void refusesPointsThatAreNotOnTheCurve() {
        Authenticator agent = open(NO_SECRET);
        String beginning = KEY_1.substring(0, 54);
        String x = KEY_1.substring(54, 118);
        String p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        for (String point :
                new String[] {
                    KEY_1.substring(54, 181) + "0",
                    "0".repeat(128),
                    "f".repeat(128),
                    x + p,
                    p + "0".repeat(64)
                }) {
            assertInvalid(agent, signed(beginning + point, SIGNATURE_1));
        }
    }

    @Test
    void refusesJunkAndGiantHeaders() {
        Authenticator agent = open(NO_SECRET);
        for (String key :
                new String[] {
                    "zz",
                    "g".repeat(182),
                    KEY_1.substring(1),
                    KEY_1 + "00",
                    "a".repeat(1 << 20),
                    "\u0000"
                }) {
            assertInvalid(agent, signed(key, SIGNATURE_1));
        }
        assertInvalid(agent, signed(KEY_1, "A".repeat(1 << 20)));
        assertInvalid(agent, signed(KEY_1, "=".repeat(1 << 20)));
        assertThat(agent.authenticate(Vectors.bearer("uha_" + "a".repeat(1 << 20))))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.status()).isEqualTo(401));
        assertGranted(agent.authenticate(V1));
    }

    @Test
    void remembersRightSignaturesOnly() {
        SignatureCheck check = new SignatureCheck(Optional.empty());
        assertThat(catchInvalid(() -> check.verify(KEY_1, Vectors.SIGNATURE_3))).isTrue();
        assertThat(catchInvalid(() -> check.verify(KEY_2, SIGNATURE_2))).isTrue();
        assertThat(check.remembered()).isZero();
        assertThat(catchInvalid(() -> check.verify(KEY_1, SIGNATURE_1))).isFalse();
        assertThat(catchInvalid(() -> check.verify(KEY_1, SIGNATURE_1))).isFalse();
        assertThat(check.remembered()).isOne();
    }

    @Test
    void callerIsNamedByAShortFingerprint() throws Exception {
        String fingerprint = Sha256.hex(HexFormat.of().parseHex(KEY_1)).substring(0, 12);
        assertThat(open(NO_SECRET).authenticate(V1))
                .isEqualTo(new Granted(new Caller("key:" + fingerprint, Scope.ADMIN)));
    }

    private interface Attempt {
        void run() throws InvalidSignature;
    }

    private static boolean catchInvalid(Attempt attempt) {
        try {
            attempt.run();
            return false;
        } catch (InvalidSignature e) {
            return true;
        }
    }

    private static String signature(BigInteger r, BigInteger s) {
        return Base64.getEncoder()
                .withoutPadding()
                .encodeToString(HexFormat.of().parseHex("%064x%064x".formatted(r, s)));
    }

    private static void assertGranted(Verdict verdict) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.caller().scope()).isEqualTo(Scope.ADMIN));
    }

    private static void assertInvalid(Authenticator agent, Credentials credentials) {
        assertThat(agent.authenticate(credentials))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(403);
                            assertThat(refused.message()).isEqualTo("Invalid request signature");
                        });
    }

    private Authenticator open(AgentSettings.Trust settings) {
        return Authenticator.open(settings, data);
    }
}
