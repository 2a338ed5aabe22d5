// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.Scope;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnBehalfTests {

    private static final String KEY = "X-PortainerAgent-PublicKey";
    private static final String SIGNATURE = "X-PortainerAgent-Signature";
    private static final Caller CALLER = new Caller("key:1", Scope.ADMIN);

    @Test
    void theSignatureOfAClientTravelsWhereThereIsNoSecret() {
        OnBehalf who = OnBehalf.of(CALLER, Map.of(KEY, "k", SIGNATURE, "s")::get);
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        who.addTo(headers, false);
        assertThat(headers.get(KEY)).isEqualTo("k");
        assertThat(headers.get(SIGNATURE)).isEqualTo("s");
        assertThat(who.signed()).isTrue();
    }

    @Test
    void amongAgentsThatKnowTheSecretItDoesNot() {
        OnBehalf who = OnBehalf.of(CALLER, Map.of(KEY, "k", SIGNATURE, "s")::get);
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        who.addTo(headers, true);
        assertThat(headers.names()).doesNotContain(KEY, SIGNATURE);
        assertThat(headers.get("X-HostAgent-Caller")).contains("admin").contains("key:1");
    }

    /** A caller with a token may send anything in them, and was not judged by it. */
    @Test
    void halfASignatureOrAnEmptyOneIsNone() {
        for (Map<String, String> sent :
                java.util.List.of(
                        Map.<String, String>of(),
                        Map.of(KEY, "k"),
                        Map.of(SIGNATURE, "s"),
                        Map.of(KEY, "", SIGNATURE, ""),
                        Map.of(KEY, "k", SIGNATURE, ""))) {
            assertThat(OnBehalf.of(CALLER, sent::get).signed()).as(sent.toString()).isFalse();
        }
    }
}
