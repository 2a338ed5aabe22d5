// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A connection to D-Bus, or to a service that speaks it without a bus between. Calls can be sent
 * one after the other before the first answer is read. Signals and calls of others are passed over.
 * For one thread.
 */
public final class BusConnection implements AutoCloseable {

    private static final int LARGEST = 16 << 20;
    private static final int LONGEST_LINE = 1024;
    private static final int FIXED_HEADER = 16;
    private static final int FIELDS_LENGTH_AT = 12;
    private static final long METHOD_RETURN = 2;
    private static final long ERROR = 3;
    private static final long FIELD_ERROR_NAME = 4;
    private static final long FIELD_REPLY_SERIAL = 5;
    private static final long FIELD_SIGNATURE = MessageWriter.FIELD_SIGNATURE;

    /** An answer whose values are not read yet. */
    private record Answer(String error, String signature, ByteBuffer body) {}

    private final BusSocket socket;
    private final Map<Long, Answer> answers = new HashMap<>();
    private int serial;

    private BusConnection(BusSocket socket) {
        this.socket = socket;
    }

    /**
     * Connects.
     *
     * @param time how long all that is done with the connection may take
     * @param bus whether there is a bus, which has to be greeted
     * @throws IOException when nobody listens, or does not let us in
     */
    public static BusConnection open(Path path, Duration time, boolean bus) throws IOException {
        BusConnection connection = new BusConnection(BusSocket.open(path, time));
        try {
            connection.authenticate();
            if (bus) {
                String name = "org.freedesktop.DBus";
                connection.answer(
                        connection.send(
                                new BusCall(
                                        name, "/org/freedesktop/DBus", name, "Hello", List.of())));
            }
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Who is calling the kernel tells, so nothing is claimed: in a container it could be wrong. */
    private void authenticate() throws IOException {
        writeLine("\0AUTH EXTERNAL");
        String answer = readLine();
        if (answer.equals("DATA")) {
            writeLine("DATA");
            answer = readLine();
        }
        if (!answer.startsWith("OK")) {
            throw new IOException("the bus does not let us in: " + answer);
        }
        writeLine("BEGIN");
    }

    private void writeLine(String line) throws IOException {
        socket.write(ByteBuffer.wrap((line + "\r\n").getBytes(UTF_8)));
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (line.length() < LONGEST_LINE) {
            socket.read(one.clear());
            char c = (char) one.get(0);
            if (c == '\n') {
                return line.toString().strip();
            }
            line.append(c);
        }
        throw new IOException("this is no bus");
    }

    /** Sends a call; what is returned is for asking for its answer. */
    public int send(BusCall call) throws IOException {
        serial++;
        socket.write(MessageWriter.call(call, serial));
        return serial;
    }

    /**
     * Waits for the answer to a call, which can be had once.
     *
     * @throws BusException when the answer is an error
     * @throws IOException when there is none in time
     */
    public List<Object> answer(int call) throws IOException {
        Answer answer = answers.remove((long) call);
        while (answer == null) {
            readMessage();
            answer = answers.remove((long) call);
        }
        List<Object> values = new MessageReader(answer.body()).read(answer.signature());
        if (!answer.error().isEmpty()) {
            throw new BusException(answer.error() + " " + values);
        }
        return values;
    }

    private void readMessage() throws IOException {
        ByteBuffer fixed = ByteBuffer.allocate(FIXED_HEADER);
        socket.read(fixed);
        fixed.order(fixed.get(0) == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long body = fixed.getInt(Integer.BYTES) & 0xffff_ffffL;
        long fields = fixed.getInt(FIELDS_LENGTH_AT) & 0xffff_ffffL;
        if (body + fields > LARGEST) {
            throw new IOException("a message of the bus of " + (body + fields) + " bytes");
        }
        int header = (int) (FIXED_HEADER + fields + 7) / Long.BYTES * Long.BYTES;
        ByteBuffer message = ByteBuffer.allocate(header + (int) body).order(fixed.order());
        message.put(fixed.flip());
        socket.read(message);
        message.flip();
        keep(message, header);
    }

    private void keep(ByteBuffer message, int header) throws IOException {
        List<Object> parts = new MessageReader(message).read("yyyyuua(yv)");
        Map<Object, Object> fields = new HashMap<>();
        if (parts.getLast() instanceof List<?> list) {
            for (Object field : list) {
                if (field instanceof List<?> pair) {
                    fields.put(pair.getFirst(), pair.getLast());
                }
            }
        }
        long type = parts.get(1) instanceof Long number ? number : 0;
        if ((type == METHOD_RETURN || type == ERROR)
                && fields.get(FIELD_REPLY_SERIAL) instanceof Long replied) {
            String error =
                    type == ERROR ? fields.getOrDefault(FIELD_ERROR_NAME, "an error") + "" : "";
            String signature = fields.getOrDefault(FIELD_SIGNATURE, "") + "";
            ByteBuffer body =
                    message.slice(header, message.limit() - header).order(message.order());
            answers.put(replied, new Answer(error, signature, body));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
