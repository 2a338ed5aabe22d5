// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/** Names of members, as they stand in a JSON text. */
final class JsonName {

    /** Bytes of {@code \}{@code u0041}. */
    private static final int ESCAPE = 6;

    private JsonName() {}

    /** The longest way to write a name of ASCII, with its quotes, in bytes. */
    static int longest(String name) {
        return name.length() * ESCAPE + 2;
    }

    /**
     * Whether a name is this one, however it is written.
     *
     * @param from the index of its first quote
     * @param to the index behind its last quote
     * @param name of letters
     */
    static boolean spells(byte[] json, int from, int to, String name) {
        int at = from + 1;
        int last = to - 1;
        for (int i = 0; i < name.length(); i++) {
            if (at >= last) {
                return false;
            }
            int found = json[at];
            int length = 1;
            if (found == '\\') {
                // Letters have no other escape than that by number.
                found = json[at + 1] == 'u' ? number(json, at + 2) : -1;
                length = ESCAPE;
            }
            if (found != name.charAt(i)) {
                return false;
            }
            at += length;
        }
        return at == last;
    }

    private static int number(byte[] json, int from) {
        int number = 0;
        for (int i = from; i < from + 4; i++) {
            number = number * 16 + Character.digit(json[i], 16);
        }
        return number;
    }
}
