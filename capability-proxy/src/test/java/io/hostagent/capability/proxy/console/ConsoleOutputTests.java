// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Characters and frames that an engine's reads cut anywhere. */
class ConsoleOutputTests {

    private static final String TEXT =
            "a\u00e9\u20ac\ud83d\ude00\r\n\u001b[0m\ud83d\udc69\u200d\ud83d\ude80";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 11, 1000})
    void keepsCharactersWholeWhereverTheBytesAreCut(int size) {
        assertThat(read(new ConsoleOutput(true), TEXT.repeat(50).getBytes(UTF_8), size))
                .isEqualTo(TEXT.repeat(50));
    }

    @Test
    void showsACharacterWithItsLastByte() {
        ConsoleOutput output = new ConsoleOutput(true);
        byte[] face = "\ud83d\ude00".getBytes(UTF_8);

        assertThat(output.next(ByteBuffer.wrap(face, 0, 2))).isEmpty();
        assertThat(output.next(ByteBuffer.wrap(face, 2, 1))).isEmpty();
        assertThat(output.next(ByteBuffer.wrap(face, 3, 1))).hasToString("\ud83d\ude00");
        assertThat(output.end()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void replacesWhatIsNoCharacterAndGoesOn(int size) {
        byte[] bytes = {'a', (byte) 0xff, 'b', (byte) 0xc3, 'c', (byte) 0x80, 'd', (byte) 0xe2};

        assertThat(read(new ConsoleOutput(true), bytes, size))
                .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffd");
    }

    @Test
    void replacesRandomBytesAsTheJdkDoes() {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        String expected = new String(bytes, UTF_8);

        assertThat(read(new ConsoleOutput(true), bytes, 1)).isEqualTo(expected);
        assertThat(read(new ConsoleOutput(true), bytes, 4099)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 9, 13, 1000})
    void takesTheEnginesFramesAwayWhereverTheyAreCut(int size) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            frame(stream, 1, TEXT.getBytes(UTF_8));
            frame(stream, 2, new byte[0]);
            frame(stream, 2, "oops".getBytes(UTF_8));
        }

        assertThat(read(new ConsoleOutput(false), stream.toByteArray(), size))
                .isEqualTo((TEXT + "oops").repeat(20));
    }

    /** A write to one stream may come between the two halves of a character on the other. */
    @Test
    void keepsTheTwoStreamsCharactersApart() {
        byte[] face = "\ud83d\ude00".getBytes(UTF_8);
        byte[] euro = "\u20ac".getBytes(UTF_8);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        frame(stream, 1, Arrays.copyOfRange(face, 0, 2));
        frame(stream, 2, Arrays.copyOfRange(euro, 0, 1));
        frame(stream, 1, Arrays.copyOfRange(face, 2, 4));
        frame(stream, 2, Arrays.copyOfRange(euro, 1, 3));

        assertThat(read(new ConsoleOutput(false), stream.toByteArray(), 1000))
                .isEqualTo("\ud83d\ude00\u20ac");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain text", "\u0001plain", "\u0001\u0000\u0000x", "\u0004\u0000"})
    void passesAStreamWithoutFramesAsItIs(String text) {
        assertThat(read(new ConsoleOutput(false), text.getBytes(UTF_8), 1)).isEqualTo(text);
        assertThat(read(new ConsoleOutput(false), text.getBytes(UTF_8), 100)).isEqualTo(text);
    }

    private static void frame(ByteArrayOutputStream stream, int of, byte[] bytes) {
        byte[] header = ByteBuffer.allocate(8).put((byte) of).putInt(4, bytes.length).array();
        stream.writeBytes(header);
        stream.writeBytes(bytes);
    }

    private static String read(ConsoleOutput output, byte[] bytes, int size) {
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < bytes.length; from += size) {
            int count = Math.min(size, bytes.length - from);
            text.append(output.next(ByteBuffer.wrap(bytes, from, count)));
        }
        return text.append(output.end()).toString();
    }
}
