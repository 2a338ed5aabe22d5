// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads values from a message, as its signature says: numbers as {@link Long}, {@link Double} and
 * {@link Boolean}, words as {@link String}, arrays and structures as {@link List}, and a variant as
 * what is in it. The bytes are not trusted: what does not fit is an error.
 */
final class MessageReader {

    /** As deep as the specification allows for arrays and structures each. */
    private static final int DEEPEST = 64;

    private final ByteBuffer bytes;
    private int depth;

    /** Reads a buffer in its order of bytes; it begins where a message or a body begins. */
    MessageReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Reads all that a signature names. */
    List<Object> read(String signature) throws IOException {
        List<Object> values = new ArrayList<>();
        try {
            Signature types = new Signature(signature);
            while (types.more()) {
                values.add(value(types));
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("a message of the bus is shorter than it says", e);
        }
        return values;
    }

    private Object value(Signature types) throws IOException {
        char type = types.next();
        return switch (type) {
            case 'y' -> (long) (bytes.get() & 0xff);
            case 'b' -> number32() != 0;
            case 'n' -> (long) align(Short.BYTES).getShort();
            case 'q' -> (long) (align(Short.BYTES).getShort() & 0xffff);
            case 'i' -> (long) (int) number32();
            case 'u', 'h' -> number32();
            case 'x', 't' -> align(Long.BYTES).getLong();
            case 'd' -> align(Long.BYTES).getDouble();
            case 's', 'o' -> text((int) number32());
            case 'g' -> text(bytes.get() & 0xff);
            case 'v' -> deeper(new Signature(text(bytes.get() & 0xff)));
            case 'a' -> array(types);
            case '(', '{' -> structure(types, type == '(' ? ')' : '}');
            default -> throw new IOException("'" + type + "' is no type of the bus");
        };
    }

    private Object deeper(Signature types) throws IOException {
        depth++;
        if (depth > DEEPEST) {
            throw new IOException("a message of the bus has values in values without end");
        }
        Object value = value(types);
        depth--;
        return value;
    }

    private List<Object> structure(Signature types, char end) throws IOException {
        align(Long.BYTES);
        List<Object> values = new ArrayList<>();
        while (types.peek() != end) {
            values.add(deeper(types));
        }
        types.next();
        return values;
    }

    private List<Object> array(Signature types) throws IOException {
        int length = (int) number32();
        align(types.alignment());
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        int end = bytes.position() + length;
        int element = types.position();
        List<Object> values = new ArrayList<>();
        while (bytes.position() < end) {
            int before = bytes.position();
            types.position(element);
            values.add(deeper(types));
            if (bytes.position() == before) {
                throw new IOException("a message of the bus has values of no length");
            }
        }
        types.position(element);
        types.skip();
        return values;
    }

    private long number32() {
        return align(Integer.BYTES).getInt() & 0xffff_ffffL;
    }

    private String text(int length) {
        if (length < 0 || length >= bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] utf8 = new byte[length];
        bytes.get(utf8);
        bytes.get();
        return new String(utf8, UTF_8);
    }

    private ByteBuffer align(int to) {
        int over = bytes.position() % to;
        if (over != 0) {
            bytes.position(bytes.position() + to - over);
        }
        return bytes;
    }
}
