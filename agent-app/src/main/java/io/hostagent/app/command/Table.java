// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import io.hostagent.core.json.JsonTree;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows JSON objects as a table, a line each. */
final class Table {

    private static final String NOTHING = "-";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private record Column(String title, Function<@Nullable Object, String> text) {}

    private final List<Column> columns = new ArrayList<>();

    /** Adds a column with what is at a path. */
    Table with(String title, String... path) {
        return with(title, row -> text(JsonTree.at(row, path)));
    }

    /** Adds a column with a number of bytes. */
    Table withBytes(String title, String... path) {
        return with(title, row -> bytes(JsonTree.number(row, path)));
    }

    /** Adds a column. */
    Table with(String title, Function<@Nullable Object, String> text) {
        columns.add(new Column(title, text));
        return this;
    }

    void print(PrintWriter out, List<@Nullable Object> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::title).toList());
        for (Object row : rows) {
            lines.add(columns.stream().map(column -> column.text().apply(row)).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i)).repeat(' ', widths[i] - line.get(i).length() + 2);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    /** A value for people; control characters of others do not reach their terminal. */
    static String text(@Nullable Object value) {
        if (value == null || value.equals("")) {
            return NOTHING;
        }
        return value.toString().replaceAll("\\p{Cntrl}", "?");
    }

    private static String bytes(@Nullable Long count) {
        if (count == null || count == 0) {
            return NOTHING;
        }
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f %s", value, UNITS[unit])
                : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
