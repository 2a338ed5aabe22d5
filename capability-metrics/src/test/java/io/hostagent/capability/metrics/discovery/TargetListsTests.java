// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.error.CallerException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetListsTests {

    private final TargetLists lists = new TargetLists(List.of("gone"));

    @Test
    void isAnEmptyArrayWithoutAny() {
        assertThat(body()).isEqualTo("[]");
        add("a", "[]");
        add("b", "[]");
        assertThat(body()).isEqualTo("[]");
    }

    @Test
    void isOneArrayOfAll() {
        add("a", "[1,2]");
        add("b", "[]");
        add("c", "[3]");
        assertThat(body()).isEqualTo("[1,2,3]");
        assertThat(lists.missing()).containsExactly("gone");
    }

    @Test
    void namesWhoHasNone() {
        add("a", "");
        add("b", "{\"message\":\"no\"}");
        add("c", "[1");
        add("d", "[4]");
        assertThat(body()).isEqualTo("[4]");
        assertThat(lists.missing()).containsExactly("gone", "a", "b", "c");
    }

    @Test
    void hasABound() {
        byte[] large = new byte[20 << 20];
        large[0] = '[';
        large[large.length - 1] = ']';
        for (int i = 0; i < 3; i++) {
            lists.add("n" + i, large);
        }
        assertThatExceptionOfType(CallerException.class).isThrownBy(() -> lists.add("n", large));
    }

    private void add(String node, String list) {
        lists.add(node, list.getBytes(UTF_8));
    }

    private String body() {
        return lists.body().toString(UTF_8);
    }
}
