// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.cluster.Discovery.Found;
import io.hostagent.core.cluster.Discovery.Node;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoundTests {

    private static final PeerAddress A1 = new PeerAddress("10.0.1.1", 9001);
    private static final PeerAddress A2 = new PeerAddress("10.0.1.2", 9001);
    private static final PeerAddress A3 = new PeerAddress("10.0.1.3", 9001);
    private static final Node ONE = new Node("n1", "one", Role.MANAGER, "");
    private static final Node TWO = new Node("n2", "two", Role.WORKER, "");

    @Test
    void whatNamesDoNotKnowYetIsWhereTheOrchestratorLastToldItToBe() {
        Found names = new Found(Map.of(A1, "", A3, ""), List.of());
        Found told = new Found(Map.of(A1, "n1", A2, "n2"), List.of(ONE, TWO));

        Found both = names.beside(told);

        assertThat(both.addresses())
                .containsOnly(Map.entry(A1, "n1"), Map.entry(A2, "n2"), Map.entry(A3, ""));
        assertThat(both.nodes()).containsExactly(ONE, TWO);
        assertThat(names.told()).isFalse();
        assertThat(told.told()).isTrue();
    }
}
