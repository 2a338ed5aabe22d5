// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That zlib reads back what was compressed, whatever it was. */
class TextDeflaterTests {

    private static final int REACH = 32 * 1024;

    private final Random random = new Random(42);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 100, 8192, 8193, 32768, 49152, 49153, 1_000_000})
    void anyBytesComeBack(int length) throws DataFormatException {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);

        assertComesBack(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 6, 7, 8, 14, 15, 258, 259, 260, 261, 262, 516, 517, 70_000})
    void theSameByteComesBack(int length) throws DataFormatException {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');

        assertComesBack(bytes);
    }

    /**
     * Copies of each length from each distance that has another code, and from as far as may be.
     */
    @Test
    void copiesComeBack() throws DataFormatException {
        for (int distance : new int[] {1, 2, 3, 4, 5, 6, 8, 9, 100, 193, 4096, 4097, 24_577}) {
            for (int length = 6; length < 600; length += 1 + length / 40) {
                assertComesBack(copied(distance, length));
            }
        }
        for (int distance = REACH - 3; distance < REACH + 4; distance++) {
            assertComesBack(copied(distance, 300));
        }
    }

    /** Random bytes, the last of which are those that stand so far before them. */
    private byte[] copied(int distance, int length) {
        byte[] bytes = new byte[Math.max(distance, 10) + length + random.nextInt(20)];
        random.nextBytes(bytes);
        for (int at = bytes.length - length; at < bytes.length; at++) {
            bytes[at] = at < distance ? bytes[at] : bytes[at - distance];
        }
        return bytes;
    }

    @Test
    void linesOfAllKindsComeBack() throws DataFormatException {
        for (int round = 0; round < 300; round++) {
            String[] words = new String[1 + random.nextInt(40)];
            for (int i = 0; i < words.length; i++) {
                words[i] = word();
            }
            StringBuilder text = new StringBuilder();
            int wanted = random.nextInt(120_000);
            while (text.length() < wanted) {
                text.append(words[random.nextInt(words.length)]);
            }
            assertComesBack(text.toString().getBytes(UTF_8));
        }
    }

    private String word() {
        char[] letters = new char[1 + random.nextInt(1 << random.nextInt(9))];
        int alphabet = 1 + random.nextInt(300);
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (char) (' ' + random.nextInt(alphabet));
        }
        return new String(letters);
    }

    @Test
    void samplesBecomeAboutAsShortAsByZlib() throws DataFormatException {
        StringBuilder text = new StringBuilder();
        String[] ids = new String[500];
        for (int i = 0; i < ids.length; i++) {
            ids[i] =
                    "%016x%016x%016x%016x"
                            .formatted(
                                    random.nextLong(),
                                    random.nextLong(),
                                    random.nextLong(),
                                    random.nextLong());
        }
        for (String family :
                new String[] {"container_cpu_usage_seconds_total", "container_memory_rss"}) {
            for (int i = 0; i < ids.length; i++) {
                text.append(family).append("{id=\"/docker/").append(ids[i]);
                text.append("\",image=\"registry/web:1.2\",name=\"web-").append(i).append("\"} ");
                text.append(random.nextInt(10_000_000)).append('\n');
            }
        }
        byte[] bytes = text.toString().getBytes(UTF_8);

        int zlib = zlib(bytes);
        assertThat(deflate(bytes).length).isBetween(zlib / 2, zlib + zlib / 20);
    }

    @Test
    void noByteTakesMoreThanFifteenBits() {
        byte[] bytes = new byte[TextDeflater.INPUT];
        Arrays.setAll(
                new int[bytes.length], i -> bytes[i] = (byte) (128 + (i * 7 + i / 128) % 128));

        assertThat(deflate(bytes).length).isLessThan(TextDeflater.OUTPUT);
    }

    @Test
    void aCodeOfTooManyBitsIsRefused() {
        int[] weights = new int[20];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 1 << i;
        }

        assertThatThrownBy(() -> HuffmanCode.of(weights)).hasMessageContaining("too rarely");
        assertThat(HuffmanCode.of(Arrays.copyOf(weights, 16)).length(0)).isEqualTo(15);
    }

    private static void assertComesBack(byte[] bytes) throws DataFormatException {
        byte[] back = inflate(deflate(bytes), bytes.length);
        // Not isEqualTo: nobody wants to see all of them.
        assertThat(Arrays.mismatch(back, bytes)).isEqualTo(-1);
    }

    private static byte[] deflate(byte[] bytes) {
        TextDeflater deflater = new TextDeflater();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        deflater.begin();
        for (int at = 0; at < bytes.length; at += TextDeflater.INPUT) {
            int piece = Math.min(TextDeflater.INPUT, bytes.length - at);
            deflater.write(bytes, at, piece);
            take(deflater, all);
        }
        deflater.end();
        take(deflater, all);
        return all.toByteArray();
    }

    private static void take(TextDeflater deflater, ByteArrayOutputStream all) {
        assertThat(deflater.length()).isLessThanOrEqualTo(TextDeflater.OUTPUT);
        all.write(deflater.output(), 0, deflater.length());
        deflater.clear();
    }

    private static byte[] inflate(byte[] compressed, int length) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(compressed);
            byte[] back = new byte[length + 1];
            int got = inflater.inflate(back);
            assertThat(inflater.finished()).isTrue();
            assertThat(inflater.getRemaining()).isZero();
            return Arrays.copyOf(back, got);
        } finally {
            inflater.end();
        }
    }

    private static int zlib(byte[] bytes) {
        Deflater zlib = new Deflater(Deflater.BEST_SPEED, true);
        try {
            zlib.setInput(bytes);
            zlib.finish();
            return zlib.deflate(new byte[bytes.length]);
        } finally {
            zlib.end();
        }
    }
}
