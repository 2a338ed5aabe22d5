// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests of known and of new clients. */
final class Vectors {

    static final String KEY_1 =
            "3059301306072a8648ce3d020106082a8648ce3d03010703420004e0b3af07f6c1eb817799013c198df10f"
                    + "ab7824b60f746a57260bca04efbb24cd2cd6fa351001f6f8650e2e260a56aa7ef3fa869768e2"
                    + "fa0795346f4b138422c9";
    static final String KEY_2 =
            "3059301306072a8648ce3d020106082a8648ce3d03010703420004ddd36da371ec3fed5c9a10b8e9b7a453"
                    + "37e0abb7b7fb8ffdcab6de099a43bd47aa0088548c5fe47a40ace0ee2172cd8831cd26e9286c"
                    + "3e8d531b208d14105a0d";
    static final String SIGNATURE_1 =
            "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVw";
    static final String SIGNATURE_2 =
            "LMI+7t7XE3R+sbzaJ7cTKJuxuKJAStES3jPfrk8mCfiFSlN44h23qfRIbeWFypyIjEzIGaZXxwKnIZ5UvoAt4w";
    static final String SIGNATURE_3 =
            "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVg";
    static final String SIGNATURE_4 =
            "ABHuUoXVM240NeQTz2iYFONBZ9nZYYF1W8wprsPcidrpZDBhShb/AOLL0mUvB50T7qSmaDkHjH5dQgHLvcKjnA";

    static final Credentials V1 = signed(KEY_1, SIGNATURE_1);
    static final Credentials V2 = signed(KEY_2, SIGNATURE_2);
    static final Credentials V3 = signed(KEY_1, SIGNATURE_3);
    static final Credentials V4 = signed(KEY_1, SIGNATURE_4);

    static final String SECRET = "my-Sh4red-secret";
    static final AgentSettings.Trust NO_SECRET = settings(null, null);
    static final AgentSettings.Trust WITH_SECRET = settings(SECRET, null);

    private Vectors() {}

    static AgentSettings.Trust settings(@Nullable String secret, @Nullable String publicKey) {
        return new AgentSettings.Trust(
                Optional.ofNullable(secret).map(Secret::new),
                Duration.ofDays(3),
                Optional.ofNullable(publicKey),
                Optional.empty());
    }

    /** Nothing but a metrics token is set. */
    static AgentSettings.Trust metricsToken(String token) {
        return new AgentSettings.Trust(
                Optional.empty(),
                Duration.ofDays(3),
                Optional.empty(),
                Optional.of(new Secret(token)));
    }

    static Credentials headers(Map<String, String> headers) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        return anyCase::get;
    }

    static Credentials signed(String key, String signature) {
        return headers(
                Map.of(
                        "X-Portaineragent-Publickey", key,
                        "X-Portaineragent-Signature", signature));
    }

    static Credentials bearer(IssuedToken token) {
        return bearer(text(token));
    }

    static Credentials bearer(String token) {
        return headers(Map.of("authorization", "Bearer " + token));
    }

    static String text(IssuedToken token) {
        return new String(token.text().bytes(), UTF_8);
    }

    /** A client with a new key on a curve. */
    static Credentials newClient(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return client(generator.generateKeyPair(), "NONEwithECDSAinP1363Format");
    }

    static Credentials client(KeyPair pair, String algorithm) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(
                MessageDigest.getInstance("MD5").digest("Portainer-App".getBytes(US_ASCII)));
        return signed(
                HexFormat.of().formatHex(pair.getPublic().getEncoded()).toLowerCase(Locale.ROOT),
                Base64.getEncoder().withoutPadding().encodeToString(signature.sign()));
    }
}
