// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.fixture.Fleet;
import io.hostagent.capability.metrics.fixture.TextReader;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.MetricType;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.relay.BodySource;
import io.hostagent.core.relay.NoLeaks;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ExpositionTests {

    private final SampleSet one = new SampleSet();
    private final SampleSet other = new SampleSet();

    @Test
    void writesFamiliesByNameWithHelpAndTypeOnce() throws IOException {
        one.family(Family.gauge("b_bytes", "How\nmuch \\ \"many\".")).add(12);
        one.family(Family.counter("a_total", "")).add(Labels.of("x", "1"), 0.25);
        one.family(Family.untyped("c", "?")).add(Double.NaN);
        one.family(Family.gauge("empty", "Nobody has one."));

        assertThat(text(List.of(one), TextFormat.PROMETHEUS))
                .isEqualTo(
                        """
                        # TYPE a_total counter
                        a_total{x="1"} 0.25
                        # HELP b_bytes How\\nmuch \\\\ "many".
                        # TYPE b_bytes gauge
                        b_bytes 12
                        # HELP c ?
                        # TYPE c untyped
                        c NaN
                        """);
    }

    @Test
    void writesThePartsOfAHistogramBelowItsType() throws IOException {
        FamilySamples took = one.family(new Family("took", MetricType.HISTOGRAM, "Took."));
        for (String of : List.of("b", "a")) {
            took.add("took_bucket", Labels.of("le", "+Inf", "of", of), 2);
            took.add("took_sum", Labels.of("of", of), 3);
            took.add("took_count", Labels.of("of", of), 2);
        }
        one.family(Family.gauge("took_by", "Who.")).add(1);
        one.family(new Family("slept", MetricType.SUMMARY, ""))
                .add("slept", Labels.of("quantile", "0.5"), 3);

        String parts =
                """
                # TYPE slept summary
                slept{quantile="0.5"} 3
                # HELP took Took.
                # TYPE took histogram
                took_bucket{le="+Inf",of="b"} 2
                took_sum{of="b"} 3
                took_count{of="b"} 2
                took_bucket{le="+Inf",of="a"} 2
                took_sum{of="a"} 3
                took_count{of="a"} 2
                # HELP took_by Who.
                # TYPE took_by gauge
                took_by 1
                """;
        assertThat(text(List.of(one), TextFormat.PROMETHEUS)).isEqualTo(parts);
        assertThat(text(List.of(one), TextFormat.OPENMETRICS)).isEqualTo(parts + "# EOF\n");
    }

    @Test
    void keepsAFamilyTogetherWhoeverFoundItsSamples() throws IOException {
        Family cpu = Family.counter("cpu_total", "CPU.");
        Family memory = Family.gauge("memory", "Memory.");
        one.family(cpu).add(Labels.of("c", "1"), 1);
        one.family(memory).add(Labels.of("c", "1"), 10);
        other.family(memory).add(Labels.of("c", "2"), 20);
        other.family(cpu).add(Labels.of("c", "2"), 2);

        TextReader read = TextReader.of(text(List.of(one, other), TextFormat.PROMETHEUS));

        assertThat(read.types()).containsOnlyKeys("cpu_total", "memory");
        assertThat(read.samples())
                .extracting(TextReader.Sample::value)
                .containsExactly(1.0, 2.0, 10.0, 20.0);
    }

    @Test
    void putsTheLabelsOfASubjectBeforeThoseOfADetail() throws IOException {
        Family family = Family.gauge("f", "F.");
        one.family(family).add(Labels.of("id", "/a"), Labels.of("device", "eth0"), 1);
        one.family(family).add(Labels.NONE, Labels.of("device", "lo"), 2);

        assertThat(text(List.of(one), TextFormat.PROMETHEUS))
                .contains("f{id=\"/a\",device=\"eth0\"} 1\n", "f{device=\"lo\"} 2\n");
    }

    @Test
    void writesLabelsThatReadBack() throws IOException {
        List<String> values =
                List.of("a\\b", "say \"yes\"", "two\nlines", "🐳 Wal", "C:\\new\\n", "{},= ");
        for (String value : values) {
            one.family(Family.gauge("f", "F.")).add(Labels.of("v", value, "w", value), 1);
        }

        assertThat(TextReader.of(text(List.of(one), TextFormat.PROMETHEUS)).samples())
                .extracting(TextReader.Sample::labels)
                .containsExactlyElementsOf(
                        values.stream().map(value -> Map.of("v", value, "w", value)).toList());
    }

    @Test
    void movesNoNameInOpenMetrics() throws IOException {
        one.family(Family.counter("requests_total", "Say \"what\".")).add(1);
        one.family(Family.counter("container_memory_failcnt", "F.")).add(2);
        one.family(Family.gauge("container_fs_inodes_total", "G.")).add(3);
        one.family(Family.untyped("node_netstat_Tcp_InSegs", "U.")).add(4);
        one.family(Family.counter("twice_total", "T.")).add(5);
        one.family(Family.gauge("twice", "T.")).add(6);

        String text = text(List.of(one), TextFormat.OPENMETRICS);
        TextReader read = TextReader.of(text);

        assertThat(read.types())
                .containsEntry("requests", "counter")
                .containsEntry("container_memory_failcnt", "unknown")
                .containsEntry("container_fs_inodes_total", "gauge")
                .containsEntry("node_netstat_Tcp_InSegs", "unknown")
                .containsEntry("twice_total", "unknown")
                .containsEntry("twice", "gauge");
        assertThat(read.helps()).containsEntry("requests", "Say \\\"what\\\".");
        assertThat(read.samples())
                .extracting(TextReader.Sample::name)
                .contains(
                        "requests_total",
                        "container_memory_failcnt",
                        "container_fs_inodes_total",
                        "twice_total");
        assertThat(text).endsWith("\n# EOF\n");
        assertThat(read.ended()).isTrue();
    }

    @Test
    void endsAnAnswerWithoutSamples() throws IOException {
        assertThat(text(List.of(), TextFormat.PROMETHEUS)).isEmpty();
        assertThat(text(List.of(one), TextFormat.OPENMETRICS)).isEqualTo("# EOF\n");
        assertThat(unzipped(bytes(Exposition.of(List.of(), TextFormat.PROMETHEUS, true))))
                .isEmpty();
    }

    @Test
    void compressesWhatItWouldHaveWritten() throws IOException {
        List<SampleSet> sets = new Fleet(300, 40).samples(3);
        one.family(Family.gauge("long", "Long.")).add(Labels.of("l", "x".repeat(200_000)), 1);
        List<SampleSet> all = List.of(sets.get(0), sets.get(1), one, sets.get(2));

        String plain = text(all, TextFormat.OPENMETRICS);
        byte[] gzip = bytes(Exposition.of(all, TextFormat.OPENMETRICS, true));

        assertThat(unzipped(gzip)).isEqualTo(plain);
        assertThat(gzip.length).isLessThan(plain.length() / 4);
        assertThat(TextReader.of(plain).samples()).hasSize(300 * 40 + 1);
    }

    @Test
    void givesPiecesOfLimitedSize() throws IOException {
        for (boolean gzip : new boolean[] {false, true}) {
            List<SampleSet> sets = new Fleet(200, 40).samples(1);
            try (BodySource body = Exposition.of(sets, TextFormat.PROMETHEUS, gzip)) {
                ByteBuf piece = body.next();
                int pieces = 0;
                while (piece != null) {
                    pieces++;
                    assertThat(piece.readableBytes()).isBetween(1, Exposition.PIECE + 1_024);
                    piece.release();
                    piece = body.next();
                }
                assertThat(pieces).isGreaterThan(1);
                assertThat(body.next()).isNull();
            }
        }
    }

    private static String text(List<SampleSet> sets, TextFormat format) throws IOException {
        return new String(bytes(Exposition.of(sets, format, false)), UTF_8);
    }

    private static String unzipped(byte[] gzip) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    static byte[] bytes(BodySource source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (source) {
            ByteBuf piece = source.next();
            while (piece != null) {
                piece.readBytes(all, piece.readableBytes());
                piece.release();
                piece = source.next();
            }
        }
        return all.toByteArray();
    }
}
