// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.error.CallerException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ContentDisposition;

class FormParserTests {

    private static final String FORM =
            "before\r\n--b\r\nContent-Type: text/plain\r\n"
                    + "content-disposition: form-data; name=\"file\"; filename=\"ä.txt\"\r\n\r\n"
                    + "one\r\n-\r\n--\r\n--c\r\r\n\r\n--b\r\n"
                    + "Content-Disposition: form-data; name=\"Path\"\r\n\r\n/d"
                    + "\r\n--b\r\nContent-Disposition: form-data; name=empty\r\n\r\n"
                    + "\r\n--b--\r\nafter";

    private static final List<String> PARTS =
            List.of("file ä.txt: one\r\n-\r\n--\r\n--c\r\r\n", "Path null: /d", "empty null: ");

    /** Parts as {@code NAME FILENAME: CONTENT}. */
    private static List<String> parse(byte[] body, int pieces) throws IOException {
        List<String> parts = new ArrayList<>();
        FormParser parser = new FormParser("b", new Recorder(parts));
        for (int start = 0; start < body.length; start += pieces) {
            ByteBuf piece =
                    Unpooled.wrappedBuffer(
                            Arrays.copyOfRange(body, start, Math.min(start + pieces, body.length)));
            parser.accept(piece);
            assertThat(piece.refCnt()).isEqualTo(1);
        }
        parser.finish();
        return parts;
    }

    private static final class Recorder implements FormParser.Parts {

        private final List<String> parts;
        private final StringBuilder name = new StringBuilder();
        private ByteBuf content = Unpooled.buffer();

        Recorder(List<String> parts) {
            this.parts = parts;
        }

        @Override
        public void begins(ContentDisposition disposition) {
            name.setLength(0);
            name.append(disposition.getName()).append(' ').append(disposition.getFilename());
            content = Unpooled.buffer();
        }

        @Override
        public void content(ByteBuf piece) {
            content.writeBytes(piece);
        }

        @Override
        public void ends() {
            parts.add(name + ": " + content.toString(UTF_8));
        }
    }

    @Test
    void aFormIsTheSameInPiecesOfAnySize() throws IOException {
        byte[] body = FORM.getBytes(UTF_8);
        for (int pieces = 1; pieces <= body.length; pieces++) {
            assertThat(parse(body, pieces)).as("pieces of " + pieces).isEqualTo(PARTS);
        }
    }

    @Test
    void theFirstBoundaryNeedsNoLineBeforeIt() throws IOException {
        String form = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--b--";
        assertThat(parse(form.getBytes(UTF_8), 3)).containsExactly("x null: 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b",
                "--b\r\n",
                "--b\r\n\r\n\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--b",
                "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1",
                "--bx\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--bx--",
                "--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--"
            })
    void whatIsNoWholeFormIsRefused(String form) {
        assertThatThrownBy(() -> parse(form.getBytes(UTF_8), 7))
                .isInstanceOf(CallerException.class);
    }

    @Test
    void headersWithoutEndAreNotGathered() {
        String form = "--b\r\nContent-Disposition: " + "x".repeat(100_000);
        assertThatThrownBy(() -> parse(form.getBytes(UTF_8), 1000))
                .isInstanceOf(CallerException.class)
                .hasMessageContaining("Invalid request payload");
    }
}
