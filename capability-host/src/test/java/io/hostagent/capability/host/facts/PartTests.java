// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.json.JsonTree;
import org.junit.jupiter.api.Test;

class PartTests {

    @Test
    void isItsValuesAndWhatIsAbsent() {
        Part part =
                new Part()
                        .with("a", 1)
                        .with("b", null)
                        .with("c", null, "nobody knows", "ask")
                        .with("d", "here", "unused", "unused");

        assertThat(new String(JsonTree.write(part.json()), UTF_8))
                .startsWith("{\"a\":1,\"d\":\"here\",\"absent\":[{")
                .contains("\"what\":\"c\"", "\"why\":\"nobody knows\"", "\"remedy\":\"ask\"")
                .doesNotContain("unused");
    }

    /** So a reader need not ask whether it is there. */
    @Test
    void alwaysHasAListOfWhatIsAbsent() {
        assertThat(JsonTree.list(new Part().json(), "absent")).isEmpty();
        assertThat(new Part().json()).containsKey("absent");
    }
}
