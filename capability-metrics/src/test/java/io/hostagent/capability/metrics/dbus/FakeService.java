// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.fixture.ScriptedConnection;
import io.hostagent.core.fixture.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A service that speaks D-Bus without a bus between, and answers what it was told to: for systemd,
 * which only runs as the first process of a machine.
 */
public final class FakeService implements ScriptedServer.Script {

    private static final int HEADER = 16;

    private final Map<String, byte[]> answers = new HashMap<>();

    /** Answers a method, such as {@code ListUnits}, with a body that the signature describes. */
    public FakeService method(String name, String signature, Body body) {
        answers.put(name, reply(signature, body));
        return this;
    }

    /** Answers the question for a property of an object with a variant of one letter's type. */
    public FakeService property(String path, String name, char type, Body value) {
        answers.put(
                path + " " + name,
                reply("v", new Body().signature(Character.toString(type)).then(value)));
        return this;
    }

    /** Values in the order of bytes of most machines. */
    public static final class Body {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /** Goes on at a multiple of so many bytes. */
        public Body align(int to) {
            while (bytes.size() % to != 0) {
                bytes.write(0);
            }
            return this;
        }

        /** Adds 32 bits. */
        public Body number(int value) {
            align(4);
            return little(4, buffer -> buffer.putInt(value));
        }

        /** Adds 64 bits. */
        public Body longNumber(long value) {
            align(8);
            return little(8, buffer -> buffer.putLong(value));
        }

        /** Adds a text. */
        public Body text(String text) {
            byte[] utf8 = text.getBytes(UTF_8);
            number(utf8.length);
            bytes.writeBytes(utf8);
            bytes.write(0);
            return this;
        }

        /** Adds the types of what follows. */
        public Body signature(String types) {
            bytes.write(types.length());
            bytes.writeBytes(types.getBytes(ISO_8859_1));
            bytes.write(0);
            return this;
        }

        /** Adds an array of structures, each of which begins at a multiple of 8 bytes. */
        public Body array(Body structures) {
            number(structures.bytes.size());
            align(8);
            bytes.writeBytes(structures.bytes.toByteArray());
            return this;
        }

        Body then(Body more) {
            // What a variant holds is at a multiple of its own size, from the body's beginning.
            align(more.bytes.size() >= 8 && !more.startsWithLength() ? 8 : 4);
            bytes.writeBytes(more.bytes.toByteArray());
            return this;
        }

        private boolean startsWithLength() {
            ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
            return all.remaining() > 4 && all.getInt(0) == all.remaining() - 5;
        }

        @SuppressWarnings("ByteBufferBackingArray") // it is allocated right here
        private Body little(int size, Consumer<ByteBuffer> value) {
            ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            value.accept(buffer);
            bytes.writeBytes(buffer.array());
            return this;
        }
    }

    private static byte[] reply(String signature, Body body) {
        Body message = new Body();
        message.bytes.writeBytes(new byte[] {'l', 2, 1, 1});
        message.number(body.bytes.size()).number(1);
        Body fields = new Body();
        fields.bytes.write(5);
        fields.signature("u").number(0);
        fields.align(8).bytes.write(8);
        fields.signature("g").signature(signature);
        message.number(fields.bytes.size());
        message.bytes.writeBytes(fields.bytes.toByteArray());
        message.align(8).bytes.writeBytes(body.bytes.toByteArray());
        return message.bytes.toByteArray();
    }

    /** Where in a reply it says what it is a reply to. */
    private static final int REPLY_SERIAL_AT = HEADER + 4;

    @Override
    public void serve(ScriptedConnection connection) throws Exception {
        connection.readUntil("AUTH EXTERNAL\r\n");
        connection.write("DATA\r\n");
        connection.readUntil("DATA\r\n");
        connection.write("OK 0123456789abcdef0123456789abcdef\r\n");
        connection.readUntil("BEGIN\r\n");
        String head = connection.read(HEADER);
        while (head.length() == HEADER) {
            answer(connection, head);
            head = connection.read(HEADER);
        }
    }

    private void answer(ScriptedConnection connection, String head) throws IOException {
        ByteBuffer fixed =
                ByteBuffer.wrap(head.getBytes(ISO_8859_1)).order(ByteOrder.LITTLE_ENDIAN);
        int fields = (fixed.getInt(12) + 7) / 8 * 8;
        String rest = connection.read(fields + fixed.getInt(4));
        ByteBuffer message =
                ByteBuffer.wrap((head + rest).getBytes(ISO_8859_1)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] answer = answers.get(asked(message));
        byte[] bytes = answer == null ? error() : answer.clone();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(REPLY_SERIAL_AT, fixed.getInt(8));
        connection.write(bytes);
    }

    private static byte[] error() {
        byte[] reply = reply("s", new Body().text("there is no such property"));
        reply[1] = 3;
        return reply;
    }

    private static String asked(ByteBuffer message) throws IOException {
        Map<Object, Object> fields = new HashMap<>();
        List<Object> parts = new MessageReader(message).read("yyyyuua(yv)");
        for (Object field : (List<?>) parts.getLast()) {
            List<?> pair = (List<?>) field;
            fields.put(pair.getFirst(), pair.getLast());
        }
        if (!fields.containsKey(8L)) {
            return String.valueOf(fields.get(3L));
        }
        message.position((message.position() + 7) / 8 * 8);
        List<Object> arguments =
                new MessageReader(message.slice().order(message.order())).read("ss");
        return fields.get(1L) + " " + arguments.getLast();
    }
}
