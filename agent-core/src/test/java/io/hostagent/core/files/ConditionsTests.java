// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.files.Conditions.Part;
import io.hostagent.core.jail.FileStatus;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTests {

    private static final FileStatus STATUS =
            new FileStatus(FileStatus.Type.FILE, 0644, 0, 0, 100, 7, 1, 1, 1_795_224_356L, 5);

    private static Part of(String... headers) {
        HttpHeaders request = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            request.set(headers[i], headers[i + 1]);
        }
        return Conditions.of(request, STATUS);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 0, 9",
        "bytes=90-, 90, 99",
        "bytes=-10, 90, 99",
        "bytes=-1000, 0, 99",
        "bytes=95-200, 95, 99"
    })
    void aRangeIsAPart(String range, long first, long last) {
        assertThat(of("Range", range)).isEqualTo(new Part.Bytes(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
    void whatIsBehindTheEndIsNoPart(String range) {
        assertThat(of("Range", range)).isEqualTo(new Part.Beyond());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes=-", "bytes=9-0", "lines=1-2", "bytes=0-1,5-6", "bytes=a-b"})
    void whatIsNoSingleRangeIsNotHeard(String range) {
        assertThat(of("Range", range)).isEqualTo(new Part.Whole());
    }

    @Test
    void whoHasItNeedsNotGetItAgain() {
        String date = Conditions.lastModified(STATUS);
        String tag = Conditions.tag(STATUS);
        assertThat(date).isEqualTo("Sat, 21 Nov 2026 01:25:56 GMT");
        assertThat(of("If-None-Match", tag)).isEqualTo(new Part.Unchanged());
        assertThat(of("If-Modified-Since", date)).isEqualTo(new Part.Unchanged());
        assertThat(of("If-Modified-Since", "Sat, 21 Nov 2026 01:25:55 GMT"))
                .isEqualTo(new Part.Whole());
        assertThat(of("If-None-Match", "\"other\"", "If-Modified-Since", date))
                .as("the tag is the better one")
                .isEqualTo(new Part.Whole());
        assertThat(of("If-Modified-Since", "yesterday")).isEqualTo(new Part.Whole());
    }

    @Test
    void aPartOfAnotherContentIsOfNoUse() {
        assertThat(of("Range", "bytes=0-9", "If-Range", "\"other\"")).isEqualTo(new Part.Whole());
        assertThat(of("Range", "bytes=0-9", "If-Range", Conditions.tag(STATUS)))
                .isEqualTo(new Part.Bytes(0, 9));
    }
}
