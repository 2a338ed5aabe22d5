// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes one message that calls a method; see the D-Bus specification, "Message Protocol". */
final class MessageWriter {

    static final byte METHOD_CALL = 1;
    static final byte VERSION = 1;
    static final int FIELD_PATH = 1;
    static final int FIELD_INTERFACE = 2;
    static final int FIELD_MEMBER = 3;
    static final int FIELD_DESTINATION = 6;
    static final int FIELD_SIGNATURE = 8;
    static final int WORD = 8;

    private byte[] bytes = new byte[512];
    private int length;

    private MessageWriter() {}

    /** The bytes of a call. */
    static ByteBuffer call(BusCall call, int serial) {
        MessageWriter body = new MessageWriter();
        call.arguments().forEach(body::text);
        MessageWriter message = new MessageWriter();
        message.bytes((byte) 'l', METHOD_CALL, (byte) 0, VERSION);
        message.number(body.length);
        message.number(serial);
        int fields = message.length;
        message.number(0);
        message.field(FIELD_PATH, 'o', call.path());
        message.field(FIELD_INTERFACE, 's', call.type());
        message.field(FIELD_MEMBER, 's', call.member());
        message.field(FIELD_DESTINATION, 's', call.destination());
        if (!call.arguments().isEmpty()) {
            message.align(WORD);
            message.bytes((byte) FIELD_SIGNATURE);
            message.signature("g");
            message.signature("s".repeat(call.arguments().size()));
        }
        ByteBuffer.wrap(message.bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(fields, message.length - fields - Integer.BYTES);
        message.align(WORD);
        message.bytes(Arrays.copyOf(body.bytes, body.length));
        return ByteBuffer.wrap(message.bytes, 0, message.length);
    }

    private void field(int code, char type, String value) {
        align(WORD);
        bytes((byte) code);
        signature(Character.toString(type));
        text(value);
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        number(utf8.length);
        bytes(utf8);
        bytes((byte) 0);
    }

    private void signature(String signature) {
        bytes((byte) signature.length());
        bytes(signature.getBytes(UTF_8));
        bytes((byte) 0);
    }

    private void number(int number) {
        align(Integer.BYTES);
        bytes((byte) number, (byte) (number >>> 8), (byte) (number >>> 16), (byte) (number >>> 24));
    }

    private void align(int to) {
        while (length % to != 0) {
            bytes((byte) 0);
        }
    }

    private void bytes(byte... more) {
        if (length + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more.length));
        }
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }
}
