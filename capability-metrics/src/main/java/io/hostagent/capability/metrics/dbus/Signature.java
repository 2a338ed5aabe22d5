// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import java.io.IOException;

/** Types of values, a letter each, such as {@code a(su)}: an array of structures of two. */
final class Signature {

    private final String types;
    private int at;

    Signature(String types) {
        this.types = types;
    }

    boolean more() {
        return at < types.length();
    }

    char peek() throws IOException {
        if (!more()) {
            throw new IOException("'" + types + "' is no signature of the bus");
        }
        return types.charAt(at);
    }

    char next() throws IOException {
        char type = peek();
        at++;
        return type;
    }

    int position() {
        return at;
    }

    void position(int position) {
        at = position;
    }

    /** Goes over one type, with all that is in it. */
    void skip() throws IOException {
        char type = next();
        if (type == 'a') {
            skip();
        } else if (type == '(' || type == '{') {
            while (peek() != ')' && peek() != '}') {
                skip();
            }
            at++;
        }
    }

    /** The number of bytes of which the place of the next type's value is a multiple. */
    int alignment() throws IOException {
        return switch (peek()) {
            case 'y', 'g', 'v' -> 1;
            case 'n', 'q' -> 2;
            case 'x', 't', 'd', '(', '{' -> 8;
            default -> 4;
        };
    }
}
