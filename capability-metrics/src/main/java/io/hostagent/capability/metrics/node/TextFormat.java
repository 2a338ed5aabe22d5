// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.node.TextFamily.Sample;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.MetricType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Prometheus' text format 0.0.4, as strictly as Prometheus' own parser does for files: what
 * is wrong anywhere makes the whole text wrong, and so does a time, since a file that nobody writes
 * any longer would look fresh.
 */
final class TextFormat {

    private static final String BLANKS = "[ \\t]+";

    /** Java would also take {@code 1f} and {@code 0x1p3}. */
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private static final class Draft {
        private @Nullable MetricType type;
        private @Nullable String help;

        /** By what they are numbers of, for a histogram or a summary; else all together. */
        private final Map<List<Label>, List<Sample>> samples = new LinkedHashMap<>();

        private final Map<String, Set<Labels>> known = new LinkedHashMap<>();

        MetricType type() {
            return type == null ? MetricType.UNTYPED : type;
        }

        void add(Sample sample) {
            if (known.computeIfAbsent(sample.name(), key -> new HashSet<>()).add(sample.labels())) {
                List<Label> subject =
                        type().suffixes().isEmpty() ? List.of() : sample.subject(type());
                samples.computeIfAbsent(subject, key -> new ArrayList<>()).add(sample);
            }
        }
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
            format.line(trimmed(text.substring(at, end)));
            at = end + 1;
        }
        List<TextFamily> families = new ArrayList<>();
        format.drafts.forEach(
                (name, draft) -> {
                    if (!draft.samples.isEmpty()) {
                        List<Sample> all =
                                draft.samples.values().stream().flatMap(List::stream).toList();
                        families.add(new TextFamily(name, draft.type(), draft.help, all));
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
            comment(trimmed(line.substring(1)));
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
            if (draft.type != null || !draft.samples.isEmpty()) {
                throw wrong("a type for " + words[1] + " behind another one, or its samples");
            }
            draft.type = typeOf(rest);
        }
    }

    private MetricType typeOf(String word) throws TextFormatException {
        for (MetricType type : MetricType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
                return type;
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
        String rest = trimmed(line.substring(at));
        Labels labels = Labels.NONE;
        if (rest.startsWith("{")) {
            TextLabels read = new TextLabels(rest, number);
            labels = read.labels();
            rest = trimmed(rest.substring(read.end()));
        }
        String[] words = rest.split(BLANKS, -1);
        double value = value(words[0]);
        if (words.length > 1) {
            throw wrong("there is '" + words[1] + "' behind the value, and times are not taken");
        }
        Draft draft = draft(name);
        boolean isPart =
                switch (draft.type()) {
                    case HISTOGRAM -> name.endsWith("_bucket");
                    case SUMMARY -> draft.equals(drafts.get(name));
                    case COUNTER, GAUGE, UNTYPED -> false;
                };
        if (isPart) {
            requireNumber(labels, draft.type().partLabel());
        }
        draft.add(new Sample(name, labels, value));
    }

    private void requireNumber(Labels labels, String name) throws TextFormatException {
        for (Label label : labels.all()) {
            if (label.name().equals(name)) {
                value(label.value());
                return;
            }
        }
        throw wrong("the label " + name + " is missing");
    }

    /** The family that a sample is of: one announced before with a shorter name, or its own. */
    private Draft draft(String name) throws TextFormatException {
        for (MetricType type : MetricType.values()) {
            for (String suffix : type.suffixes()) {
                if (name.endsWith(suffix)) {
                    Draft longer = drafts.get(name.substring(0, name.length() - suffix.length()));
                    if (longer != null && longer.type() == type) {
                        return longer;
                    }
                }
            }
        }
        Draft draft = drafts.computeIfAbsent(name, key -> new Draft());
        if (draft.type() == MetricType.HISTOGRAM) {
            throw wrong(name + " is a histogram, which has no number of its own");
        }
        return draft;
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
        if (!NUMBER.matcher(word).matches()) {
            throw wrong("'" + word + "' is no value");
        }
        return Double.parseDouble(word);
    }

    /** Without blanks around it; what else Java takes for one, such as a CR, is none here. */
    private static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
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
