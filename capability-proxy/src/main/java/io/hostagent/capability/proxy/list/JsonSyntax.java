// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/**
 * Reads JSON (RFC 8259) that comes in pieces, cut anywhere, and keeps none of it: it checks that it
 * is JSON, UTF-8 included, and says where things begin and end. Only of the outer levels, since
 * nobody wants to know of others.
 */
final class JsonSyntax {

    /** What may be within one another; an engine's lists have about ten levels. */
    static final int DEEPEST = 256;

    /** Hears what was found; {@code at} is an index into the piece that is being read. */
    interface Listener {

        /** An object or array, which {@link #depth} counts already. */
        void opened(boolean object, int at);

        /** Its end; {@link #depth} does not count it any more. */
        void closed(int at);

        /** The comma between two members or elements. */
        void comma(int at);

        /** The name of a member, from its quote on. */
        void nameStarted(int at);

        /** The end of a name, behind its quote. */
        void nameEnded(int after);

        /** A string, number or literal. */
        void scalar(byte first, int at);

        /** The end of a string that is no name, behind its quote. */
        void stringEnded(int after);
    }

    private enum State {
        VALUE,
        VALUE_OR_CLOSE,
        NAME,
        NAME_OR_CLOSE,
        COLON,
        COMMA_OR_CLOSE,
        END,
        STRING,
        LITERAL,
        NUMBER
    }

    private final Listener listener;
    private final int watched;

    /** One bit for each level: whether it is an object. */
    private final long[] objects = new long[DEEPEST / Long.SIZE];

    private final JsonString string = new JsonString();
    private final JsonNumber number = new JsonNumber();
    private State state = State.VALUE;
    private int depth;
    private boolean name;
    private String literal = "";

    /** Letters that are still to come of a literal. */
    private int left;

    private long before;

    /**
     * Starts with a new text.
     *
     * @param watched the deepest level of which the listener is told
     */
    JsonSyntax(Listener listener, int watched) {
        this.listener = listener;
        this.watched = watched;
    }

    /** How many objects and arrays are open. */
    int depth() {
        return depth;
    }

    /** How many bytes came before this piece. */
    long before() {
        return before;
    }

    /**
     * Reads the next piece.
     *
     * @throws BadListException when it does not go on as JSON; then it is over with this object
     */
    void read(byte[] piece, int from, int to) {
        int at = from;
        while (at < to) {
            switch (state) {
                case STRING -> {
                    at = string.read(piece, at, to);
                    if (string.isWhole()) {
                        stringEnded(at);
                    }
                }
                case NUMBER -> {
                    if (number.take(piece[at])) {
                        at++;
                    } else {
                        require(number.isWhole());
                        valueEnded();
                    }
                }
                case LITERAL -> literal(piece[at++]);
                case VALUE, VALUE_OR_CLOSE, NAME, NAME_OR_CLOSE, COLON, COMMA_OR_CLOSE, END -> {
                    byte next = piece[at];
                    if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                        token(next, at);
                    }
                    at++;
                }
            }
        }
        before += to - from;
    }

    /**
     * Says that nothing more comes.
     *
     * @throws BadListException when something is missing
     */
    void end() {
        if (state != State.END) {
            throw new BadListException("its JSON ended in the middle");
        }
    }

    private void token(byte next, int at) {
        switch (next) {
            case '{', '[' -> open(next == '{', at);
            case '}', ']' -> close(next == '}', at);
            case ',' -> {
                require(state == State.COMMA_OR_CLOSE);
                state = inObject() ? State.NAME : State.VALUE;
                if (depth <= watched) {
                    listener.comma(at);
                }
            }
            case ':' -> {
                require(state == State.COLON);
                state = State.VALUE;
            }
            case '"' -> {
                name = state == State.NAME || state == State.NAME_OR_CLOSE;
                string.start();
                if (!name) {
                    scalar(next, at, State.STRING);
                } else {
                    state = State.STRING;
                    if (depth <= watched) {
                        listener.nameStarted(at);
                    }
                }
            }
            case 't' -> literal(next, at, "true");
            case 'f' -> literal(next, at, "false");
            case 'n' -> literal(next, at, "null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                scalar(next, at, State.NUMBER);
                number.start(next);
            }
            default -> require(false);
        }
    }

    private void open(boolean object, int at) {
        requireValue();
        if (depth == DEEPEST) {
            throw new BadListException("its JSON is nested more than " + DEEPEST + " deep");
        }
        long bit = 1L << depth;
        if (object) {
            objects[depth / Long.SIZE] |= bit;
        } else {
            objects[depth / Long.SIZE] &= ~bit;
        }
        depth++;
        state = object ? State.NAME_OR_CLOSE : State.VALUE_OR_CLOSE;
        if (depth <= watched) {
            listener.opened(object, at);
        }
    }

    private void close(boolean object, int at) {
        require(
                inObject() == object
                        && (state == State.COMMA_OR_CLOSE
                                || state == (object ? State.NAME_OR_CLOSE : State.VALUE_OR_CLOSE)));
        depth--;
        valueEnded();
        if (depth < watched) {
            listener.closed(at);
        }
    }

    private boolean inObject() {
        int level = depth - 1;
        return level >= 0 && (objects[level / Long.SIZE] & (1L << level)) != 0;
    }

    private void scalar(byte first, int at, State next) {
        requireValue();
        state = next;
        if (depth <= watched) {
            listener.scalar(first, at);
        }
    }

    private void literal(byte first, int at, String word) {
        scalar(first, at, State.LITERAL);
        literal = word;
        left = word.length() - 1;
    }

    private void literal(byte next) {
        require(next == literal.charAt(literal.length() - left));
        left--;
        if (left == 0) {
            valueEnded();
        }
    }

    private void valueEnded() {
        state = depth == 0 ? State.END : State.COMMA_OR_CLOSE;
    }

    private void stringEnded(int after) {
        if (name) {
            state = State.COLON;
        } else {
            valueEnded();
        }
        if (depth > watched) {
            return;
        }
        if (name) {
            listener.nameEnded(after);
        } else {
            listener.stringEnded(after);
        }
    }

    private void requireValue() {
        require(state == State.VALUE || state == State.VALUE_OR_CLOSE);
    }

    private static void require(boolean condition) {
        BadListException.unless(condition);
    }
}
