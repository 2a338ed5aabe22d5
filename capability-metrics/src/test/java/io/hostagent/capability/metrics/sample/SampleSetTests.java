// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleSetTests {

    private static final Family FAMILY = Family.gauge("some", "Some numbers");
    private static final Labels SUBJECT = Labels.of("name", "web");
    private static final Labels DETAIL = Labels.of("interface", "eth0");

    /** Whatever it expected, it keeps all, and which of them had a detail. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100, 1_000})
    void keepsWhatIsAddedInOrder(int expected) {
        SampleSet set = new SampleSet(Map.of("some", expected));
        FamilySamples samples = set.family(FAMILY);

        for (int i = 0; i < 100; i++) {
            if (isDetailed(i)) {
                samples.add(SUBJECT, DETAIL, i);
            } else {
                samples.add(SUBJECT, i);
            }
        }

        assertThat(set.sizes()).containsExactly(Map.entry("some", 100));
        for (int i = 0; i < 100; i++) {
            assertThat(samples.value(i)).isEqualTo(i);
            assertThat(samples.subject(i)).isSameAs(SUBJECT);
            assertThat(samples.detail(i)).isSameAs(isDetailed(i) ? DETAIL : Labels.NONE);
        }
    }

    /** The first has none, and neither has the last. */
    private static boolean isDetailed(int number) {
        return number % 7 == 5;
    }
}
