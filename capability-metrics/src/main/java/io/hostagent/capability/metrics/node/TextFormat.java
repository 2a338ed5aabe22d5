// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.node.TextFamily.Sample;
import io.hostagent.capability.metrics.node.TextFamily.Shape;
import io.hostagent.capability.metrics.sample.Labels;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Prometheus' text format 0.0.4, as strictly as Prometheus' own parser does for files: what
 * is wrong anywhere makes the whole text wrong, and so does a time, since a file that nobody writes
 * any longer would look fresh.
 */
final class TextFormat {

    private static final String BLANKS = "[ \\t]+";

    /** What a family's samples may be called behind its own name. */
    private static final Map<Shape, List<String>> SUFFIXES =
            Map.of(
                    Shape.HISTOGRAM, List.of("_bucket", "_sum", "_count"),
                    Shape.SUMMARY, List.of("", "_sum", "_count"));

    private static final class Draft {
        private @Nullable Shape shape;
        private @Nullable String help;
        private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
        private final Map<String, Set<Labels>> known = new LinkedHashMap<>();
    }

    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private int number;

    private TextFormat() {}

    /**
     * Reads a text. A sample that comes twice counts once.
     *
     * @throws TextFormatException when it is not in the format, or has times
     */
    static List<TextFamily> parse(String text) throws TextFormatException {
        TextFormat format = new TextFormat();
        int at = 0;
        while (at < text.length()) {
            format.number++;
            int end = text.indexOf('\n', at);
            if (end < 0) {
                throw format.wrong("it ends within a line; is it still being written?");
            }
            format.line(text.substring(at, end).strip());
            at = end + 1;
        }
        List<TextFamily> families = new ArrayList<>();
        format.drafts.forEach(
                (name, draft) -> {
                    if (!draft.samples.isEmpty()) {
                        Shape shape = draft.shape == null ? Shape.UNTYPED : draft.shape;
                        families.add(new TextFamily(name, shape, draft.help, draft.samples));
                    }
                });
        return families;
    }

    private TextFormatException wrong(String message) {
        return new TextFormatException(number, message);
    }

    private void line(String line) throws TextFormatException {
        if (line.isEmpty()) {
            return;
        }
        if (line.charAt(0) == '#') {
            comment(line.substring(1).strip());
        } else {
            sample(line);
        }
    }

    private void comment(String comment) throws TextFormatException {
        String[] words = comment.split(BLANKS, 3);
        boolean help = words[0].equals("HELP");
        if (!help && !words[0].equals("TYPE")) {
            return;
        }
        if (words.length < 2 || !isName(words[1], true)) {
            throw wrong("'" + comment + "' names no family");
        }
        Draft draft = drafts.computeIfAbsent(words[1], key -> new Draft());
        String rest = words.length == 3 ? words[2] : "";
        if (help) {
            if (draft.help != null) {
                throw wrong("a second help for " + words[1]);
            }
            draft.help = unescaped(rest, false);
        } else {
            if (draft.shape != null || !draft.samples.isEmpty()) {
                throw wrong("a type for " + words[1] + " behind another one, or its samples");
            }
            draft.shape = shapeOf(rest);
        }
    }

    private Shape shapeOf(String word) throws TextFormatException {
        for (Shape shape : EnumSet.allOf(Shape.class)) {
            if (shape.name().toLowerCase(Locale.ROOT).equals(word)) {
                return shape;
            }
        }
        throw wrong("'" + word + "' is no type");
    }

    private void sample(String line) throws TextFormatException {
        int at = 0;
        while (at < line.length() && isNamePart(line.charAt(at), true)) {
            at++;
        }
        String name = line.substring(0, at);
        if (!isName(name, true)) {
            throw wrong("'" + line + "' begins with no name");
        }
        String rest = line.substring(at).strip();
        Labels labels = Labels.NONE;
        if (rest.startsWith("{")) {
            TextLabels read = new TextLabels(rest, number);
            labels = read.labels();
            rest = rest.substring(read.end()).strip();
        }
        String[] words = rest.split(BLANKS, -1);
        double value = value(words[0]);
        if (words.length > 1) {
            throw wrong("there is '" + words[1] + "' behind the value, and times are not taken");
        }
        Draft draft = draft(name);
        if (draft.known.computeIfAbsent(name, key -> new HashSet<>()).add(labels)) {
            draft.samples
                    .computeIfAbsent(name, key -> new ArrayList<>())
                    .add(new Sample(labels, value));
        }
    }

    /** The family that a sample is of: one announced before with a shorter name, or its own. */
    private Draft draft(String name) {
        for (Map.Entry<Shape, List<String>> kind : SUFFIXES.entrySet()) {
            for (String suffix : kind.getValue()) {
                if (name.endsWith(suffix)) {
                    Draft longer = drafts.get(name.substring(0, name.length() - suffix.length()));
                    if (longer != null && longer.shape == kind.getKey()) {
                        return longer;
                    }
                }
            }
        }
        return drafts.computeIfAbsent(name, key -> new Draft());
    }

    private double value(String word) throws TextFormatException {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> number(word);
        };
    }

    private double number(String word) throws TextFormatException {
        // Java would also take 1f and 1d.
        if (word.isEmpty() || Character.isLetter(word.charAt(word.length() - 1))) {
            throw wrong("'" + word + "' is no value");
        }
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw wrong("'" + word + "' is no value");
        }
    }

    /** Whether this is the name of a label, or of a family, which may have colons. */
    static boolean isName(String name, boolean family) {
        if (name.isEmpty() || (name.charAt(0) >= '0' && name.charAt(0) <= '9')) {
            return false;
        }
        return name.chars().allMatch(c -> isNamePart((char) c, family));
    }

    private static boolean isNamePart(char c, boolean family) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || (family && c == ':');
    }

    /** A text without the backslashes that hide line ends, backslashes and maybe quotes. */
    static String unescaped(String text, boolean quotes) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder unescaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            if (c == '\\' && (next == '\\' || next == 'n' || (quotes && next == '"'))) {
                unescaped.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                unescaped.append(c);
            }
        }
        return unescaped.toString();
    }
}
