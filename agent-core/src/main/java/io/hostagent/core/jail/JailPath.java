// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import io.hostagent.core.error.CallerException;
import java.util.ArrayList;
import java.util.List;

/**
 * A path below a jail's root, taken apart. A slash at its beginning means the root, and nothing in
 * it leads upwards.
 *
 * @param elements names, outermost first; none for the root itself
 */
public record JailPath(List<String> elements) {

    /** The root itself. */
    public static final JailPath ROOT = new JailPath(List.of());

    /** PATH_MAX of the kernel, without its end. */
    private static final int LONGEST = 4095;

    public JailPath {
        elements = List.copyOf(elements);
    }

    /**
     * Takes a path apart.
     *
     * @throws CallerException 400 when it has a {@code ..} or what no file name can have
     */
    public static JailPath parse(String path) {
        if (path.length() > LONGEST) {
            throw bad("The path is longer than " + LONGEST + " characters");
        }
        List<String> elements = new ArrayList<>();
        for (String element : path.split("/", -1)) {
            if (element.equals("..")) {
                throw bad("The path has a '..' element");
            }
            if (element.chars().anyMatch(c -> c == 0 || c == 0xFFFD)) {
                throw bad("The path has a character that no file name has, or is not UTF-8");
            }
            if (!element.isEmpty() && !element.equals(".")) {
                elements.add(element);
            }
        }
        return new JailPath(elements);
    }

    private static CallerException bad(String details) {
        return CallerException.badRequest("Invalid volume", details);
    }

    /** Whether it is the root itself. */
    public boolean isRoot() {
        return elements.isEmpty();
    }

    /** Its last name; it must not be the root. */
    public String name() {
        return elements.getLast();
    }

    /** The folder that its last name is in; it must not be the root. */
    public JailPath parent() {
        return new JailPath(elements.subList(0, elements.size() - 1));
    }

    /** A path that begins at the folder that this is. */
    public JailPath then(JailPath below) {
        List<String> longer = new ArrayList<>(elements);
        longer.addAll(below.elements);
        return new JailPath(longer);
    }

    /** Without a slash at its beginning; empty for the root. */
    @Override
    public String toString() {
        return String.join("/", elements);
    }
}
