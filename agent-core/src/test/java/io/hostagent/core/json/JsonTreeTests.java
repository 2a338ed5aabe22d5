// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTests {

    private static final String TASK =
            """
            {"ID":"t1","Slot":3,"Version":{"Index":71},"Up":true,"Down":false,"None":null,
             "Status":{"State":"running","Code":1.5,"Ports":[{"Port":9001},"x"]}}""";

    @Test
    void readsEveryKindOfValue() {
        assertThat(JsonTree.read("{\"b\":[\"x\",true,false,null,{}],\"a\":-1}"))
                .isEqualTo(Map.of("b", Arrays.asList("x", true, false, null, Map.of()), "a", -1L));
        assertThat(JsonTree.read("null")).isNull();
        assertThat(JsonTree.read(" true ")).isEqualTo(true);
    }

    @Test
    void readsBytesAsItReadsText() {
        String json = "[\"caf\u00e9 \ud83d\udc33\",{\"\u00fc\":1}]";

        assertThat(JsonTree.read(json.getBytes(UTF_8)))
                .isEqualTo(List.of("caf\u00e9 \ud83d\udc33", Map.of("\u00fc", 1L)))
                .isEqualTo(JsonTree.read(json));
    }

    @Test
    void losesNoDigit() {
        assertThat(JsonTree.read("[9223372036854775807,-9223372036854775808,9223372036854775808]"))
                .isEqualTo(
                        List.of(
                                Long.MAX_VALUE,
                                Long.MIN_VALUE,
                                new BigInteger("9223372036854775808")));
        assertThat(JsonTree.read("[0.10,12345678901234567890.123456789,1e400]"))
                .isEqualTo(
                        List.of(
                                new BigDecimal("0.10"),
                                new BigDecimal("12345678901234567890.123456789"),
                                new BigDecimal("1E+400")));
    }

    @Test
    void keepsTheOrderOfMembersAndTheLastOfAName() {
        assertThat(JsonTree.map(JsonTree.read("{\"z\":1,\"a\":2,\"m\":3,\"a\":4}")))
                .containsExactly(Map.entry("z", 1L), Map.entry("a", 4L), Map.entry("m", 3L));
    }

    @Test
    void givesWhatMayBeChanged() {
        Object tree = JsonTree.read("[{\"a\":1}]");
        JsonTree.map(JsonTree.list(tree).getFirst()).put("b", List.of("c"));
        JsonTree.list(tree).add(null);

        assertThat(text(JsonTree.write(tree))).isEqualTo("[{\"a\":1,\"b\":[\"c\"]},null]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[1,-2,0.10,1E+400,9223372036854775808,true,false,null,\"x\"],\"b\":{}}",
                "[]",
                "\"quotes \\\" and \\\\, lines \\n, and \\u0001\"",
                "\"caf\u00e9 \\uD83D\\uDC33, half a pair \\uD83D\""
            })
    void writesWhatWasRead(String json) {
        assertThat(text(JsonTree.write(JsonTree.read(json)))).isEqualTo(json);
        assertThat(text(JsonTree.write(JsonTree.read(json.getBytes(UTF_8))))).isEqualTo(json);
    }

    @Test
    void writesWhatOthersMake() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("numbers", List.of((byte) 1, (short) 2, 3, 4L, 0.5f, 0.25));
        tree.put("set", new TreeSet<>(List.of("b", "a")));
        tree.put("none", null);

        assertThat(text(JsonTree.write(tree)))
                .isEqualTo("{\"numbers\":[1,2,3,4,0.5,0.25],\"set\":[\"a\",\"b\"],\"none\":null}");
    }

    @Test
    void writesForPeople() {
        String written =
                text(JsonTree.writeIndented(JsonTree.read("{\"a\":1,\"b\":{\"c\":true}}")));

        assertThat(written.lines().map(String::strip))
                .containsExactly("{", "\"a\" : 1,", "\"b\" : {", "\"c\" : true", "}", "}");
    }

    @Test
    void refusesToWriteWhatJsonDoesNotHave() {
        List<@Nullable Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        Map<@Nullable Object, Object> nameless = new LinkedHashMap<>();
        nameless.put(null, 1);

        for (Object tree :
                List.of(List.of(new Object()), Double.NaN, Map.of(1, 2), nameless, cycle)) {
            assertThatIllegalArgumentException().isThrownBy(() -> JsonTree.write(tree));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "{",
                "[1,",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\"}",
                "{a:1}",
                "{'a':1}",
                "[01]",
                "[NaN]",
                "[1e99999999999999999999]",
                "\"open",
                "\"line\nbreak\"",
                "tru",
                "secret",
                "{} {}",
                "1 2",
                "// comment\n1",
                "<html>secret</html>",
                "]"
            })
    void refusesRubbishWithoutQuotingIt(String rubbish) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> JsonTree.read(rubbish))
                .withMessageStartingWith("This cannot be read as JSON: ")
                .withMessageNotContaining("secret")
                .withNoCause();
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> JsonTree.read(rubbish.getBytes(UTF_8)))
                .withMessageNotContaining("secret")
                .withNoCause();
    }

    @Test
    void saysWhereItIsWrong() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> JsonTree.read("{\"a\":\n  secret}".getBytes(UTF_8)))
                .withMessageContaining("line 2, column");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> JsonTree.read("[1] [2]"))
                .withMessageContaining("there is more behind its end");
    }

    @Test
    void refusesBytesThatAreNoText() {
        for (byte[] bytes :
                new byte[][] {
                    {'"', (byte) 0xff, '"'},
                    {'"', (byte) 0xc3, '"'},
                    {0, 0, (byte) 0xff, (byte) 0xfe},
                    {0, 0, 0, 0},
                    {(byte) 0x1f, (byte) 0x8b, 8, 0}
                }) {
            assertThatExceptionOfType(JsonException.class).isThrownBy(() -> JsonTree.read(bytes));
        }
    }

    @Test
    void goesNoDeeperThanItsBound() {
        String deepest = "[".repeat(JsonTree.DEEPEST) + "]".repeat(JsonTree.DEEPEST);
        assertThat(text(JsonTree.write(JsonTree.read(deepest)))).isEqualTo(deepest);

        for (String tooDeep : List.of("[" + deepest + "]", "[".repeat(1_000_000))) {
            assertThatExceptionOfType(JsonException.class)
                    .isThrownBy(() -> JsonTree.read(tooDeep))
                    .withMessageContaining("too deep");
        }
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> JsonTree.read("{\"a\":".repeat(1_000_000)))
                .withMessageContaining("too deep");
        List<@Nullable Object> tree = JsonTree.list(JsonTree.read(deepest));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonTree.write(List.of(tree)));
    }

    @Test
    void findsWhatIsThere() {
        Object task = JsonTree.read(TASK);

        assertThat(JsonTree.text(task, "Status", "State")).isEqualTo("running");
        assertThat(JsonTree.number(task, "Version", "Index")).isEqualTo(71);
        assertThat(JsonTree.flag(task, "Up")).isTrue();
        assertThat(JsonTree.flag(task, "Down")).isFalse();
        assertThat(JsonTree.at(task, "Status", "Code")).isEqualTo(new BigDecimal("1.5"));
        assertThat(JsonTree.map(task, "Version")).containsExactly(Map.entry("Index", 71L));
        assertThat(JsonTree.list(task, "Status", "Ports"))
                .extracting(port -> JsonTree.number(port, "Port"))
                .containsExactly(9001L, null);
        assertThat(JsonTree.text("itself")).isEqualTo("itself");
        assertThat(JsonTree.list(JsonTree.read("[1]"))).containsExactly(1L);
    }

    @Test
    void findsNothingWhereNothingIs() {
        Object task = JsonTree.read(TASK);

        for (String[] path :
                new String[][] {
                    {"Nope"}, {"Nope", "State"}, {"None"}, {"None", "State"}, {"ID", "State"}
                }) {
            assertThat(JsonTree.at(task, path)).isNull();
            assertThat(JsonTree.text(task, path)).isNull();
            assertThat(JsonTree.number(task, path)).isNull();
            assertThat(JsonTree.flag(task, path)).isFalse();
            assertThat(JsonTree.list(task, path)).isEmpty();
            assertThat(JsonTree.map(task, path)).isEmpty();
            assertThat(JsonTree.text(null, path)).isNull();
        }
        assertThat(JsonTree.text(task, "Slot")).isNull();
        assertThat(JsonTree.number(task, "ID")).isNull();
        assertThat(JsonTree.flag(task, "ID")).isFalse();
        assertThat(JsonTree.map(task, "Status", "Ports")).isEmpty();
        assertThat(JsonTree.list(task, "Status")).isEmpty();
    }

    private static String text(byte[] json) {
        return new String(json, UTF_8);
    }
}
