// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ListScannerTests {

    private static final String NODE = "{\"Agent\":{\"NodeName\":\"n1\"}}";

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    []                            | ''
                    null                          | ''
                    [{}]                          | ,{P}
                    [{"a":1}]                     | ,{"a":1,P}
                    [{"a":1},{"b":[{}]}]          | ,{"a":1,P},{"b":[{}],P}
                    [{"Portainer":1}]             | ,{P}
                    [{"Portainer":{},"a":1}]      | ,{"a":1,P}
                    [{"a":1,"Portainer":[{}]}]    | ,{"a":1,P}
                    [{"a":1,"Portainer":0,"b":2}] | ,{"a":1,"b":2,P}
                    [{"\\u0050ort\\u0061iner":1}] | ,{P}
                    [{"portainer":1}]             | ,{"portainer":1,P}
                    [{"Portaine":1}]              | ,{"Portaine":1,P}
                    [{"Portainers":1}]            | ,{"Portainers":1,P}
                    [{"a":{"Portainer":1}}]       | ,{"a":{"Portainer":1},P}
                    [{"a":"Portainer"}]           | ,{"a":"Portainer",P}
                    [{"a":9007199254740993.10e2}] | ,{"a":9007199254740993.10e2,P}
                    """)
    void putsTheNodeIntoEachElement(String list, String expected) {
        String elements = expected.replace("P}", "\"Portainer\":" + NODE + "}");
        byte[] text = list.getBytes(UTF_8);
        for (int cut = 0; cut <= text.length; cut++) {
            assertThat(ListText.scan(ListShape.ARRAY, "n1", text, cut).elements())
                    .as("cut before %s", cut)
                    .isEqualTo(elements);
        }
        assertThat(ListText.scan(ListShape.ARRAY, "n1", text, everywhere(text)).elements())
                .isEqualTo(elements);
    }

    @Test
    void escapesTheNameOfTheNode() {
        String name = "a\"b\\c\nd\u0001é\uD83D\uDE00";

        ListText found = ListText.scan(ListShape.ARRAY, name, "[{}]".getBytes(UTF_8));

        assertThat(nodeName(MAPPER.readTree(found.array()).get(0))).isEqualTo(name);
    }

    /** Without spaces not a byte of it may change, wherever it is cut. */
    @Test
    void keepsEveryByteOfWhatAnEngineWrites() {
        for (int seed = 0; seed < 3_000; seed++) {
            RandomJson random = new RandomJson(seed, false);
            String list = random.list("");
            byte[] text = list.getBytes(UTF_8);
            String found =
                    ListText.scan(ListShape.ARRAY, "n1", text, random.cuts(text.length)).array();
            String undone =
                    found.replace(",\"Portainer\":" + NODE + "}", "}")
                            .replace("\"Portainer\":" + NODE + "}", "}");
            assertThat(undone).as("seed %s", seed).isEqualTo(list);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Portainer", "\\u0050ortaine\\u0072"})
    void meansTheSameToAParser(String extra) {
        for (int seed = 0; seed < 3_000; seed++) {
            RandomJson random = new RandomJson(seed, true);
            String list = random.list(extra);
            byte[] text = list.getBytes(UTF_8);
            JsonNode expected = MAPPER.readTree(list);
            for (JsonNode element : expected) {
                ((ObjectNode) element).remove("Portainer");
                ((ObjectNode) element).set("Portainer", MAPPER.readTree(NODE));
            }

            JsonNode found =
                    MAPPER.readTree(
                            ListText.scan(ListShape.ARRAY, "n1", text, random.cuts(text.length))
                                    .array());

            // As texts: so the order counts.
            assertThat(found.toString()).as("seed %s", seed).isEqualTo(expected.toString());
        }
    }

    @Test
    void readsTheSameWhereverATextIsCutInThree() {
        byte[] text =
                ("[ {\"a\\u00e9\":\"é\uD83D\uDE00\\\"\",\"Portainer\" : {\"x\":[1,-2.5e3]} ,"
                                + " \"\\u0050x\":null},{ },\n{\"a-name-that-is-longer-than-what-is-"
                                + "held-back-while-it-is-not-known\":true, \"b\":[{\"c\":false}]}]")
                        .getBytes(UTF_8);
        JsonNode expected = MAPPER.readTree(ListText.scan(ListShape.ARRAY, "n1", text).array());
        assertThat(expected).hasSize(3);
        for (int first = 0; first <= text.length; first++) {
            for (int second = first; second <= text.length; second++) {
                String found = ListText.scan(ListShape.ARRAY, "n1", text, first, second).array();
                assertThat(MAPPER.readTree(found)).isEqualTo(expected);
            }
        }
    }

    @Test
    void readsAnElementThatIsLargerThanAPage() {
        String large = "x".repeat(100_000);
        String list = "[{\"a\":\"" + large + "\"},{\"b\":\"" + large + "\"}]";

        ListText found = ListText.scan(ListShape.ARRAY, "n1", list.getBytes(UTF_8), 70_000);

        JsonNode array = MAPPER.readTree(found.array());
        assertThat(array.get(0).path("a").asString().equals(large)).isTrue();
        assertThat(nodeName(array.get(1))).isEqualTo("n1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    {"Volumes":[],"Warnings":[]}                      | ''      | ''
                    {"Volumes":null,"Warnings":null}                  | ''      | ''
                    {"Volumes":[{"N":1}]}                             | {"N":1} | ''
                    {"Warnings":["w"],"Volumes":[{"N":1}]}            | {"N":1} | "w"
                    {"Volumes":[{"N":1}],"Warnings":["w","\\"é\\n"]}  | {"N":1} | "w","\\"é\\n"
                    {"X":{"Volumes":[{}]},"Volumes":[{"N":1}],"Y":[1]}| {"N":1} | ''
                    {"X":[[{"a":"b"}],["c"],{}],"Volumes":[{"N":1}]}  | {"N":1} | ''
                    {"X":"y","\\u0056olumes":[{"N":1}],"Z":null}      | {"N":1} | ''
                    { "Volumes" : [ {"N":1} ] , "Warnings" : [ "w" ] }| {"N":1} | "w"
                    """)
    void findsVolumesAndWarningsInAnyOrder(String object, String element, String warnings) {
        String expected = element.isEmpty() ? "" : ",{\"N\":1,\"Portainer\":" + NODE + "}";
        byte[] text = object.getBytes(UTF_8);
        for (int cut = 0; cut <= text.length; cut++) {
            assertThat(ListText.scan(ListShape.VOLUMES, "n1", text, cut))
                    .as("cut before %s", cut)
                    .isEqualTo(new ListText(expected, warnings));
        }
        assertThat(ListText.scan(ListShape.VOLUMES, "n1", text, everywhere(text)))
                .isEqualTo(new ListText(expected, warnings));
    }

    @Test
    void leavesOutWarningsThatDoNotFit() {
        String small = "\"" + "s".repeat(3_000) + "\"";
        String large = "\"" + "l".repeat(6_000) + "\"";
        String object = "{\"Volumes\":[],\"Warnings\":[%s,%s,%s]}".formatted(small, large, small);

        ListText found = ListText.scan(ListShape.VOLUMES, "n1", object.getBytes(UTF_8), 5_000);

        assertThat(found.warnings()).isEqualTo(small + "," + small);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "{}",
                "{\"message\":\"no\"}",
                "true",
                "1",
                "\"[]\"",
                "[",
                "[{}",
                "[{},",
                "[{},]",
                "[,{}]",
                "[{}{}]",
                "[{}]]",
                "[{}] []",
                "[1]",
                "[null]",
                "[[]]",
                "[\"a\"]",
                "[{}}",
                "[{]",
                "[{\"a\"}]",
                "[{\"a\":}]",
                "[{\"a\":1,}]",
                "[{\"a\" 1}]",
                "[{a:1}]",
                "[{'a':1}]",
                "[{1:1}]",
                "[{\"a\":01}]",
                "[{\"a\":1.}]",
                "[{\"a\":.5}]",
                "[{\"a\":-}]",
                "[{\"a\":+1}]",
                "[{\"a\":1e}]",
                "[{\"a\":1e+}]",
                "[{\"a\":1.2.3}]",
                "[{\"a\":0x1}]",
                "[{\"a\":NaN}]",
                "[{\"a\":nul}]",
                "[{\"a\":nulll}]",
                "[{\"a\":True}]",
                "[{\"a\":\"\\x\"}]",
                "[{\"a\":\"\\u00g0\"}]",
                "[{\"a\":\"\n\"}]",
                "[{\"a\":\"\t\"}]",
                "\uFEFF[]",
                "nul",
                "[{\"Portainer\":x}]"
            })
    void refusesWhatIsNoListOfObjects(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            int at = cut;
            assertThatExceptionOfType(BadListException.class)
                    .isThrownBy(() -> ListText.scan(ListShape.ARRAY, "n1", bytes, at));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{}",
                "{\"message\":\"no\"}",
                "{\"Warnings\":[]}",
                "{\"Volumes\":{}}",
                "{\"Volumes\":1}",
                "{\"Volumes\":\"\"}",
                "{\"Volumes\":[1]}",
                "{\"Volumes\":[[]]}",
                "{\"Volumes\":[],\"Volumes\":[]}",
                "{\"Volumes\":[],\"Warnings\":\"w\"}",
                "{\"Volumes\":[],\"Warnings\":[1]}",
                "{\"Volumes\":[],\"Warnings\":[{}]}",
                "{\"Volumes\":[],\"Warnings\":[[]]}",
                "{\"Volumes\":[],}",
                "{\"volumes\":[]}"
            })
    void refusesWhatHasNoVolumes(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            int at = cut;
            assertThatExceptionOfType(BadListException.class)
                    .isThrownBy(() -> ListText.scan(ListShape.VOLUMES, "n1", bytes, at));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "c0 80",
                "c1 bf",
                "c3",
                "c3 28",
                "e0 80 80",
                "e2 82",
                "e2 28 a1",
                "ed a0 80",
                "f0 80 80 80",
                "f0 9f 98",
                "f4 90 80 80",
                "f5 80 80 80",
                "ff"
            })
    void refusesWhatIsNoUtf8(String bad) {
        byte[] text = "[{\"a\":\"....\"}]".getBytes(UTF_8);
        int at = 7;
        for (String octet : bad.split(" ", -1)) {
            text[at++] = (byte) Integer.parseInt(octet, 16);
        }
        for (int cut = 0; cut <= text.length; cut++) {
            int where = cut;
            assertThatExceptionOfType(BadListException.class)
                    .isThrownBy(() -> ListText.scan(ListShape.ARRAY, "n1", text, where));
        }
    }

    @Test
    void boundsWhatIsWithinOneAnother() {
        int most = JsonSyntax.DEEPEST - 2;
        assertThat(ListText.scan(ListShape.ARRAY, "n1", nested(most)).elements()).isNotEmpty();
        assertThatExceptionOfType(BadListException.class)
                .isThrownBy(() -> ListText.scan(ListShape.ARRAY, "n1", nested(most + 1)))
                .withMessageContaining("256 deep");
    }

    @Test
    void boundsAnElement() {
        HeldPages pages = new HeldPages();
        ListScanner scanner = new ListScanner(ListShape.ARRAY, "n1", pages);
        byte[] start = "[{\"a\":\"".getBytes(UTF_8);
        byte[] more = "x".repeat(1 << 16).getBytes(UTF_8);
        scanner.read(start, 0, start.length);

        assertThatExceptionOfType(BadListException.class)
                .isThrownBy(
                        () -> {
                            for (int i = 0; i < 1_000; i++) {
                                scanner.read(more, 0, more.length);
                                pages.release();
                            }
                        })
                .withMessage("one element has more than 16777216 bytes");
        pages.release();
    }

    private static byte[] nested(int depth) {
        return ("[{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}]").getBytes(UTF_8);
    }

    private static int[] everywhere(byte[] text) {
        return IntStream.range(0, text.length).toArray();
    }

    private static String nodeName(JsonNode element) {
        return element.path("Portainer").path("Agent").path("NodeName").asString("");
    }
}
