// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hostagent.core.settings.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.time.Duration;
import java.util.Optional;

/**
 * Checks signatures over the one message that clients of this agent sign.
 *
 * <p>Signatures that were right are remembered, so that a client which repeats one costs no
 * arithmetic. Only that fact is remembered, never that the key is trusted: {@link KeyRule} is asked
 * for every request, and the message never changes in the life of this object. So neither a reset
 * nor another secret can leave anything behind here. Wrong signatures are not remembered: strangers
 * could fill any memory with them.
 */
final class SignatureCheck {

    private static final byte[] COMMON_MESSAGE = "Portainer-App".getBytes(US_ASCII);

    private record Pair(String key, String signature) {}

    private final byte[] digest;
    private final Cache<Pair, ClientKey> right =
            Caffeine.newBuilder()
                    .maximumSize(1_000)
                    .expireAfterAccess(Duration.ofMinutes(10))
                    .executor(Runnable::run)
                    .build();

    SignatureCheck(Optional<Secret> secret) {
        this.digest = md5(secret.map(Secret::bytes).orElse(COMMON_MESSAGE));
    }

    /** The key that a signature was really made with. */
    ClientKey verify(String publicKey, String signature) throws InvalidSignature {
        Pair pair = new Pair(publicKey, signature);
        ClientKey known = right.getIfPresent(pair);
        if (known != null) {
            return known;
        }
        ClientKey key = ClientKey.parse(publicKey);
        if (!holds(key, SignatureText.decode(signature))) {
            throw new InvalidSignature(Authenticator.UNAUTHORIZED);
        }
        right.put(pair, key);
        return key;
    }

    long remembered() {
        return right.estimatedSize();
    }

    private boolean holds(ClientKey key, byte[] signature) {
        try {
            Signature check = Signature.getInstance("NONEwithECDSAinP1363Format");
            check.initVerify(key.key());
            check.update(digest);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // The JDK also reports some wrong signatures so.
            return false;
        }
    }

    /** MD5 is what the protocol asks for. */
    private static byte[] md5(byte[] message) {
        try {
            return MessageDigest.getInstance("MD5").digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
