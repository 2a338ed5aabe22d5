// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.error.CallerException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTests {

    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @ValueSource(
            strings = {"1073741824", "1g", "1G", "1gb", "1GiB", "1gi", "1024m", "1048576k", " 1g "})
    void readsOneSizeInAllItsForms(String text) {
        assertThat(ByteSize.parse(text)).isEqualTo(GIB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "banana",
                "-1",
                "0",
                "0g",
                "1.5g",
                "1p",
                "g",
                "1 g",
                "1gg",
                "0x10",
                "9000000t",
                "99999999999999999999",
                "1gbi",
                "١"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(CallerException.class)
                .hasMessage("size=" + text + " is no size");
    }
}
