// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageReaderTests {

    private static List<Object> read(String signature, String hexadecimal) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hexadecimal.replace(" ", ""));
        return new MessageReader(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
                .read(signature);
    }

    @Test
    void readsNumbersWhereTheyHaveToBe() throws IOException {
        assertThat(
                        read(
                                "ybnqiuxtd",
                                "ff 000000 01000000 feff feff feffffff feffffff 00000000"
                                        + " feffffffffffffff ffffffffffffffff 000000000000f83f"))
                .containsExactly(255L, true, -2L, 65_534L, -2L, 4_294_967_294L, -2L, -1L, 1.5);
    }

    @Test
    void readsArraysStructuresAndVariants() throws IOException {
        assertThat(
                        read(
                                "a(su)v",
                                "1c000000 00000000"
                                        + " 01000000 6100 0000 07000000 00000000"
                                        + " 02000000 626200 00 08000000"
                                        + " 01 73 00 00 01000000 7800"))
                .containsExactly(List.of(List.of("a", 7L), List.of("bb", 8L)), "x");
    }

    @Test
    void readsEmptyArrays() throws IOException {
        assertThat(read("a(xx)s", "00000000 00000000 01000000 6100"))
                .containsExactly(List.of(), "a");
    }

    @Test
    void readsTheOtherOrderOfBytes() throws IOException {
        assertThat(new MessageReader(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 'a', 0})).read("s"))
                .containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({
        "s,00",
        "s,ff000000 61",
        "s,ffffffff 61",
        "s,01000000 61",
        "au,04000000",
        "au,ffffff7f 00000000",
        "a(),08000000 00000000 0000000000000000",
        "a,00000000",
        "(s,00000000 00",
        "z,00",
        "v,01 76 00 01 76 00",
        "t,00000000",
        "a{s),08000000 00000000 01000000 6100"
    })
    void refusesWhatDoesNotFit(String signature, String bytes) {
        assertThatThrownBy(() -> read(signature, bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesVariantsInVariantsWithoutEnd() {
        assertThatThrownBy(() -> read("v", "01 76 00".repeat(1000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("without end");
    }

    @Test
    void survivesAnyBytes() {
        Random random = new Random(1);
        String[] signatures = {"yyyyuua(yv)", "a(ssssssouso)", "v", "a{sv}", "aaas", "a(a(v)d)"};
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                // Small numbers get further than large ones.
                if (random.nextInt(3) > 0) {
                    bytes[j] = (byte) random.nextInt(9);
                }
            }
            MessageReader reader =
                    new MessageReader(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
            try {
                assertThat(reader.read(signatures[i % signatures.length])).isNotEmpty();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("bus");
            }
        }
    }
}
