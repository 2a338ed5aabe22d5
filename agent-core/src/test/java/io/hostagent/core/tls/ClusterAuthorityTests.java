// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.settings.Secret;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterAuthorityTests {

    /**
     * The public point for the secret {@code my-Sh4red-secret}, worked out with Python's hashlib
     * and hmac and the textbook's formulas. An agent that gets another one cannot talk to those of
     * other versions.
     */
    private static final String POINT =
            "04010bb863b8385c633bb7a47af29241ea68ddabcf40b71dada08fd86a25743ac0"
                    + "277275edea87e1fdbf8d21f4fafdf14812e251922cd19367b5d8a990be51f844";

    @SuppressWarnings("NullAway.Init") // before all tests
    private ClusterAuthority authority;

    @BeforeAll
    void derive() throws Exception {
        authority = of("my-Sh4red-secret");
    }

    @Test
    void comesOutTheSameForAllWhoKnowTheSecret() throws Exception {
        byte[] key = authority.certificate().getPublicKey().getEncoded();

        assertThat(HexFormat.of().formatHex(key)).endsWith(POINT);
        assertThat(of("my-Sh4red-secret").certificate().getPublicKey().getEncoded()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"my-Sh4red-secreT", "my-Sh4red-secret ", "ü", "x"})
    void comesOutDifferentForEveryOtherSecret(String secret) throws Exception {
        ClusterAuthority other = of(secret);

        assertThat(other.certificate().getPublicKey())
                .isNotEqualTo(authority.certificate().getPublicKey());
        assertThat(other.certificate().getSubjectX500Principal())
                .isEqualTo(authority.certificate().getSubjectX500Principal());
    }

    @Test
    void certifiesItselfAndWhatItIssues() throws Exception {
        X509Certificate ca = authority.certificate();
        X509Certificate leaf = authority.issue("node1").certificate();

        assertThatCode(() -> ca.verify(ca.getPublicKey())).doesNotThrowAnyException();
        assertThatCode(() -> leaf.verify(ca.getPublicKey())).doesNotThrowAnyException();
        assertThatThrownBy(() -> leaf.verify(of("x").certificate().getPublicKey()))
                .isInstanceOf(SignatureException.class);
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=node1");
        assertThat(leaf.getExtendedKeyUsage())
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    }

    @Test
    void givesEveryLeafAKeyOfItsOwn() throws Exception {
        Identity one = authority.issue("node1");
        Identity two = authority.issue("node1");

        assertThat(one.key()).isNotEqualTo(two.key());
        assertThat(one.certificate().getSerialNumber())
                .isNotEqualTo(two.certificate().getSerialNumber());
    }

    /** A board without a battery starts in 1970; others are hours or years off. */
    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:01Z", "2001-09-09T01:46:40Z", "2500-01-01T00:00:00Z"})
    void isGoodAtAnyTime(String clock) throws Exception {
        Date then = Date.from(Instant.parse(clock));
        X509Certificate leaf = authority.issue("node1").certificate();

        assertThatCode(() -> leaf.checkValidity(then)).doesNotThrowAnyException();
        assertThatCode(() -> authority.certificate().checkValidity(then))
                .doesNotThrowAnyException();
    }

    private static ClusterAuthority of(String secret) throws Exception {
        return ClusterAuthority.of(new Secret(secret));
    }
}
