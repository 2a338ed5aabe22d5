// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OsReleaseTests {

    @Test
    void readsTheQuotesOfAShell() {
        assertThat(
                        OsRelease.parse(
                                """
                                # NAME=comment
                                NAME="A \\"quoted\\" \\$name"
                                ID='it is'
                                VERSION_ID=1
                                VARIANT="
                                =nothing
                                """))
                .isEqualTo(
                        Map.of(
                                "NAME", "A \"quoted\" $name",
                                "ID", "it is",
                                "VERSION_ID", "1",
                                "VARIANT", "\""));
    }

    @Test
    void hasNothingWhereThereIsNoFile() {
        assertThat(OsRelease.parse(null)).isEmpty();
    }
}
