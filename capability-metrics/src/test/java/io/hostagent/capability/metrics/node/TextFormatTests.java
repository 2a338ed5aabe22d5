// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.node.TextFamily.Sample;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.MetricType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatTests {

    @Test
    void readsAFamily() throws TextFormatException {
        List<TextFamily> families =
                TextFormat.parse(
                        """
                        # anything
                        # HELP backup_age How old \\\\ it is,\\nin seconds.
                        # TYPE backup_age gauge

                          backup_age{ job = "a\\"b\\\\c\\nd" , host="x",} 1.5e3
                        backup_age{host="y"} NaN
                        """);

        assertThat(families).hasSize(1);
        TextFamily family = families.getFirst();
        assertThat(family.name()).isEqualTo("backup_age");
        assertThat(family.type()).isEqualTo(MetricType.GAUGE);
        assertThat(family.help()).isEqualTo("How old \\ it is,\nin seconds.");
        assertThat(family.samples())
                .containsExactly(
                        new Sample("backup_age", Labels.of("host", "x", "job", "a\"b\\c\nd"), 1500),
                        new Sample("backup_age", Labels.of("host", "y"), Double.NaN));
    }

    @Test
    void readsInfinities() throws TextFormatException {
        List<TextFamily> families = TextFormat.parse("a +Inf\nb -Inf\nc inf\nd{} -0\n");

        assertThat(families.get(0).samples())
                .containsExactly(new Sample("a", Labels.NONE, Double.POSITIVE_INFINITY));
        assertThat(families.get(1).samples())
                .containsExactly(new Sample("b", Labels.NONE, Double.NEGATIVE_INFINITY));
        assertThat(families.get(3).type()).isEqualTo(MetricType.UNTYPED);
        assertThat(families.get(3).help()).isNull();
    }

    @Test
    void keepsAHistogramTogether() throws TextFormatException {
        List<TextFamily> families =
                TextFormat.parse(
                        """
                        # TYPE took histogram
                        took_bucket{of="a",le="1"} 2
                        took_bucket{of="b",le="+Inf"} 1
                        took_bucket{of="a",le="+Inf"} 3
                        took_sum{of="b"} 7
                        took_sum{of="a"} 4
                        took_count{of="b"} 1
                        took_count{of="a"} 3
                        took_count_of_others 1
                        """);

        assertThat(families)
                .extracting(TextFamily::name)
                .containsExactly("took", "took_count_of_others");
        assertThat(families.getFirst().samples())
                .extracting(sample -> sample.name() + " " + sample.value())
                .as("one after the other")
                .containsExactly(
                        "took_bucket 2.0",
                        "took_bucket 3.0",
                        "took_sum 4.0",
                        "took_count 3.0",
                        "took_bucket 1.0",
                        "took_sum 7.0",
                        "took_count 1.0");
    }

    @Test
    void countsTheSameSeriesOnce() throws TextFormatException {
        List<TextFamily> families =
                TextFormat.parse("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 2\na{z=\"\"} 3\na 4\n");

        assertThat(families.getFirst().samples())
                .extracting(Sample::value)
                .containsExactly(1.0, 3.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a 1",
                "a\n",
                "a x\n",
                "a 1f\n",
                "a 0x1p3\n",
                "a 1_0\n",
                "a 1\r\n",
                "# TYPE a histogram\na_bucket 1\n",
                "# TYPE a histogram\na_bucket{le=\"abc\"} 1\n",
                "# TYPE a histogram\na 1\n",
                "# TYPE a summary\na{quantile=\"abc\"} 1\n",
                "# TYPE a summary\na 1\n",
                "a 1 1395066363000\n",
                "1a 1\n",
                "a-b 1\n",
                "a{b} 1\n",
                "a{b=1} 1\n",
                "a{b=\"1} 1\n",
                "a{b=\"1\"\n",
                "a{b=\"\\x\"} 1\n",
                "a{b=\"1\" c=\"2\"} 1\n",
                "a{b=\"1\",b=\"2\"} 1\n",
                "a{b:c=\"1\"} 1\n",
                "a{__name__=\"1\"} 1\n",
                "{a=\"1\"} 1\n",
                "# TYPE a\n",
                "# TYPE a something\n",
                "# TYPE a gauge\n# TYPE a gauge\n",
                "a 1\n# TYPE a gauge\n",
                "# HELP a x\n# HELP a y\n",
                "# HELP\n",
                "<html>\n"
            })
    void refusesWhatIsNotInTheFormat(String text) {
        assertThatThrownBy(() -> TextFormat.parse("ok 1\n" + text))
                .isInstanceOf(TextFormatException.class)
                .hasMessageStartingWith("line ");
    }
}
