// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads labels in braces: {@code {a="x",b="y"}}. They are sorted by name, so that those of the same
 * series are the same in whatever order they were written.
 */
final class TextLabels {

    private final String text;
    private final int line;
    private int at = 1;

    /**
     * Those that a text begins with.
     *
     * @param line where that is, for errors
     */
    TextLabels(String text, int line) {
        this.text = text;
        this.line = line;
    }

    /** Where they end in the text. */
    int end() {
        return at;
    }

    /** Reads them. */
    Labels labels() throws TextFormatException {
        Map<String, String> values = new TreeMap<>();
        skipBlanks();
        while (peek() != '}') {
            String name = name();
            expect('=');
            skipBlanks();
            if (values.put(name, value()) != null) {
                throw wrong("the label " + name + " comes twice");
            }
            skipBlanks();
            if (peek() == ',') {
                at++;
                skipBlanks();
            } else if (peek() != '}') {
                throw wrong("'" + peek() + "' stands behind the label " + name);
            }
        }
        at++;
        List<Label> labels = new ArrayList<>();
        values.forEach((name, value) -> labels.add(new Label(name, value)));
        return Labels.of(labels);
    }

    private String name() throws TextFormatException {
        int start = at;
        while (peek() != '=' && peek() != ' ' && peek() != '\t') {
            at++;
        }
        String name = text.substring(start, at);
        if (!TextFormat.isName(name, false) || name.equals("__name__")) {
            throw wrong("'" + name + "' is no name of a label");
        }
        skipBlanks();
        return name;
    }

    private String value() throws TextFormatException {
        expect('"');
        int start = at;
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
                if ("\\\"n".indexOf(peek()) < 0) {
                    throw wrong("'\\" + peek() + "' is no character of a label's value");
                }
            }
            at++;
        }
        String value = text.substring(start, at);
        at++;
        return TextFormat.unescaped(value, true);
    }

    private void expect(char wanted) throws TextFormatException {
        if (peek() != wanted) {
            throw wrong("'" + peek() + "' stands where '" + wanted + "' has to");
        }
        at++;
    }

    private void skipBlanks() throws TextFormatException {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    private char peek() throws TextFormatException {
        if (at >= text.length()) {
            throw wrong("it ends within labels");
        }
        return text.charAt(at);
    }

    private TextFormatException wrong(String message) {
        return new TextFormatException(line, message);
    }
}
