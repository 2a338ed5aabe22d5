// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * Labels that belong together, such as those of a container. They are written down once, when they
 * are made, and then only copied: a container's labels stand in front of each of its 80 samples.
 *
 * <p>A label without a value is no label, see Prometheus' data model; it is left out.
 */
public final class Labels {

    /** None. */
    public static final Labels NONE = new Labels(List.of());

    private final List<Label> labels;
    private final byte[] text;

    /** One of them. */
    public record Label(String name, String value) {}

    private Labels(List<Label> labels) {
        this.labels = labels;
        text = written(labels).getBytes(UTF_8);
    }

    /** One label. */
    public static Labels of(String name, String value) {
        return NONE.and(name, value);
    }

    /** Two labels. */
    public static Labels of(String name1, String value1, String name2, String value2) {
        return of(List.of(new Label(name1, value1), new Label(name2, value2)));
    }

    /** Any number of labels, in this order; the names are different ones. */
    public static Labels of(List<Label> labels) {
        List<Label> some = labels.stream().filter(label -> !label.value().isEmpty()).toList();
        return some.isEmpty() ? NONE : new Labels(some);
    }

    /** These and another one behind them. */
    public Labels and(String name, String value) {
        if (value.isEmpty()) {
            return this;
        }
        List<Label> more = new ArrayList<>(labels);
        more.add(new Label(name, value));
        return new Labels(List.copyOf(more));
    }

    /** Each of them, in order. */
    public List<Label> all() {
        return labels;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return labels.isEmpty();
    }

    /**
     * How they are written between the braces of Prometheus' text formats: {@code a="x",b="y"} in
     * UTF-8, with backslashes, quotes and line ends escaped. Not to be changed.
     */
    public byte[] text() {
        return text;
    }

    private static String written(List<Label> labels) {
        StringBuilder text = new StringBuilder();
        for (Label label : labels) {
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(label.name()).append("=\"");
            escape(label.value(), text);
            text.append('"');
        }
        return text.toString();
    }

    private static void escape(String value, StringBuilder text) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels that && labels.equals(that.labels);
    }

    @Override
    public int hashCode() {
        return labels.hashCode();
    }

    @Override
    public String toString() {
        return new String(text, UTF_8);
    }
}
