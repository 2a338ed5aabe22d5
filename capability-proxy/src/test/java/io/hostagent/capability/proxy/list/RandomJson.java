// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import java.util.List;
import java.util.Random;

/** JSON texts that an engine might write, and some that only somebody else would. */
final class RandomJson {

    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "9007199254740993",
                    "-9223372036854775808",
                    "18446744073709551615",
                    "123456789012345678901234567890",
                    "0.10",
                    "-1.50e+10",
                    "6.02214076E23",
                    "1e-7");

    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "sha256:0123456789abcdef",
                    "\\\"quoted\\\"",
                    "\\\\",
                    "\\u0041\\ud83d\\ude00\\/\\b\\f\\n\\r\\t",
                    "é",
                    "日本",
                    "\uD83D\uDE00",
                    "{[,:]}",
                    "Portainer");

    private final Random random;
    private final boolean spaced;

    /** Writes spaces where they mean nothing, if it is to be {@code spaced}. */
    RandomJson(long seed, boolean spaced) {
        this.random = new Random(seed);
        this.spaced = spaced;
    }

    /** An array of objects; now and then one of them has a member of this name. */
    String list(String extra) {
        StringBuilder text = new StringBuilder();
        space(text.append(space()).append('['));
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            object(text.append(i == 0 ? "" : ","), 1, extra);
            space(text);
        }
        return text.append(']').append(space()).toString();
    }

    private void object(StringBuilder text, int depth, String extra) {
        int count = random.nextInt(6);
        space(text.append('{'));
        for (int i = 0; i < count; i++) {
            space(text.append(i == 0 ? "" : ","));
            boolean special = !extra.isEmpty() && random.nextInt(4) == 0;
            // Names are distinct, or a parser would keep one of the twins only.
            String name = special ? extra : "m" + i + pick(TEXTS);
            text.append('"').append(name).append('"').append(space()).append(':').append(space());
            value(text, depth + 1);
            space(text);
            extra = special ? "" : extra;
        }
        text.append('}');
    }

    private void value(StringBuilder text, int depth) {
        switch (random.nextInt(depth > 6 ? 4 : 6)) {
            case 0 -> text.append(pick(NUMBERS));
            case 1 -> text.append('"').append(pick(TEXTS)).append('"');
            case 2 -> text.append(pick(List.of("true", "false", "null")));
            case 3 -> text.append(pick(List.of("{}", "[]", "\"\"")));
            case 4 -> object(text, depth, "");
            default -> {
                int count = random.nextInt(4);
                space(text.append('['));
                for (int i = 0; i < count; i++) {
                    value(text.append(i == 0 ? "" : ","), depth + 1);
                    space(text);
                }
                text.append(']');
            }
        }
    }

    /** Where to cut a text of a length: anywhere, in ascending order, from not at all to often. */
    int[] cuts(int length) {
        return random.ints(random.nextInt(8), 0, length + 1).sorted().toArray();
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String space() {
        return spaced ? " \n\t\r ".substring(0, random.nextInt(5)) : "";
    }

    private void space(StringBuilder text) {
        text.append(space());
    }
}
