// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.json.JsonTree;
import java.util.Map;

/**
 * Copies the elements of a list, each with a comma in front and with a member more at its end:
 * {@code "Portainer":{"Agent":{"NodeName":"..."}}}, in place of one that it has. All other bytes of
 * an element stay as they are.
 *
 * <p>While the name of a member is not known, the comma before it and the name are held back; so
 * nothing waits here but the part of a name that an earlier piece ended with. All indices are of
 * the current piece.
 */
final class ElementCopy {

    private static final String PORTAINER = "Portainer";
    private static final byte[] COMMA = {','};
    private static final int NOWHERE = -1;

    private final byte[] added;
    private final HeldPages out;
    private byte[] piece = COMMA;

    /** From where on the piece is to be copied; {@link #NOWHERE} while nothing is. */
    private int copyFrom = NOWHERE;

    /** Up to where that is sure, while the name of the next member is not known. */
    private int sureUntil = NOWHERE;

    /** From where on the piece has a name that has not ended. */
    private int nameFrom = NOWHERE;

    /** What earlier pieces had of that name. */
    private final BoundedBytes name = new BoundedBytes(JsonName.longest(PORTAINER));

    /** Whether that name is too long for the one that is looked for. */
    private boolean another;

    /** Members of this element that were kept. */
    private int kept;

    ElementCopy(String nodeName, HeldPages out) {
        String agent =
                new String(JsonTree.write(Map.of("Agent", Map.of("NodeName", nodeName))), UTF_8);
        this.added = (",\"" + PORTAINER + "\":" + agent + "}").getBytes(UTF_8);
        this.out = out;
    }

    /** Goes on with another piece, from an index on. */
    void pieceStarted(byte[] next, int from) {
        piece = next;
        copyFrom = copyFrom == NOWHERE ? NOWHERE : from;
        nameFrom = nameFrom == NOWHERE ? NOWHERE : from;
    }

    /** Copies what is sure of the piece, which goes up to an index. */
    void pieceEnded(int to) {
        if (nameFrom != NOWHERE && !another && !name.append(piece, nameFrom, to)) {
            another = true;
            keep();
        }
        if (copyFrom != NOWHERE && sureUntil != NOWHERE) {
            stop();
        } else if (copyFrom != NOWHERE) {
            out.write(piece, copyFrom, to);
        }
    }

    /** The opening brace of an element. */
    void opened(int at) {
        out.write(COMMA, 0, COMMA.length);
        copyFrom = at;
        sureUntil = at + 1;
        kept = 0;
    }

    /** The comma between two members. */
    void comma(int at) {
        if (copyFrom != NOWHERE) {
            sureUntil = at;
        }
    }

    void nameStarted(int at) {
        nameFrom = at;
        name.cut(0);
        another = false;
    }

    void nameEnded(int after) {
        if (!another) {
            if (portainer(after)) {
                stop();
            } else {
                keep();
            }
        }
        nameFrom = NOWHERE;
    }

    private boolean portainer(int after) {
        if (name.size() == 0) {
            return JsonName.spells(piece, nameFrom, after, PORTAINER);
        }
        int before = name.size();
        boolean found =
                name.append(piece, nameFrom, after)
                        && JsonName.spells(name.array(), 0, name.size(), PORTAINER);
        name.cut(before);
        return found;
    }

    /** Copies what is sure, and no more until the next member that is kept. */
    private void stop() {
        if (copyFrom != NOWHERE) {
            out.write(piece, copyFrom, sureUntil);
        }
        copyFrom = NOWHERE;
        sureUntil = NOWHERE;
    }

    /** Copies the member whose name is being read. */
    private void keep() {
        if (copyFrom == NOWHERE) {
            out.write(COMMA, 0, kept == 0 ? 0 : COMMA.length);
            out.write(name.array(), 0, name.size());
            copyFrom = nameFrom;
        }
        sureUntil = NOWHERE;
        kept++;
    }

    /** The closing brace of the element. */
    void closed(int at) {
        if (copyFrom != NOWHERE) {
            out.write(piece, copyFrom, sureUntil == NOWHERE ? at : sureUntil);
        }
        copyFrom = NOWHERE;
        sureUntil = NOWHERE;
        out.write(added, kept == 0 ? COMMA.length : 0, added.length);
    }
}
