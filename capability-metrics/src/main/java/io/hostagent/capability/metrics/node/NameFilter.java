// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of many names are to be told about. As in node_exporter an expression need not match all of
 * a name: {@code ^} and {@code $} say that it has to.
 *
 * @param include only what matches; {@code null}: everything
 * @param exclude and of that nothing that matches; {@code null}: no exception
 */
public record NameFilter(@Nullable Pattern include, @Nullable Pattern exclude) {

    /** Everything. */
    public static final NameFilter ALL = new NameFilter(null, null);

    /** Everything but what matches. */
    public static NameFilter allBut(String expression) {
        return new NameFilter(null, Pattern.compile(expression));
    }

    /** Nothing but what matches. */
    public static NameFilter only(String expression) {
        return new NameFilter(Pattern.compile(expression), null);
    }

    /** Whether a name is to be told about. */
    public boolean takes(String name) {
        if (exclude != null && exclude.matcher(name).find()) {
            return false;
        }
        return include == null || include.matcher(name).find();
    }
}
