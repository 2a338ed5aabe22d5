// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A name server that answers late, or lies about {@code tasks.*}; for the rest it asks the one that
 * it stands in front of. A program of its own, since it runs in the network of a container: {@code
 * NameServer PORT BEHIND DELAY ADDRESS...}.
 */
final class NameServer {

    private static final int HEADER = 12;
    private static final int TYPE_A = 1;

    private final DatagramSocket socket;
    private final int behind;
    private final Duration delay;
    private final List<byte[]> lies;

    private NameServer(DatagramSocket socket, int behind, Duration delay, List<byte[]> lies) {
        this.socket = socket;
        this.behind = behind;
        this.delay = delay;
        this.lies = lies;
    }

    /**
     * Serves until it is killed; prints a line when it is ready.
     *
     * @param arguments the port to serve on 127.0.0.1; the port of the true server on 127.0.0.11;
     *     how long to wait before each answer, as in {@code PT3S}; the addresses to lie with
     */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local(1), port));
        System.out.println("ready");
        new NameServer(
                        socket,
                        Integer.parseInt(arguments[1]),
                        Duration.parse(arguments[2]),
                        Stream.of(arguments).skip(3).map(NameServer::bytes).toList())
                .serve();
    }

    private static byte[] bytes(String address) {
        return InetAddress.ofLiteral(address).getAddress();
    }

    /** An address of this network itself. */
    private static InetAddress local(int last) {
        return InetAddress.ofLiteral("127.0.0." + last);
    }

    private void serve() throws IOException {
        while (true) {
            DatagramPacket query = new DatagramPacket(new byte[1500], 1500);
            socket.receive(query);
            Thread.ofVirtual().start(() -> answer(query));
        }
    }

    private void answer(DatagramPacket query) {
        try {
            byte[] question = Arrays.copyOf(query.getData(), query.getLength());
            // Being late is the fault that is played here.
            Thread.sleep(delay);
            byte[] answer =
                    lies.isEmpty() || !isAboutTasks(question) ? ask(question) : lie(question);
            socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
        } catch (IOException e) {
            // Whoever asked gets no answer, which is one of the faults that are played here.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAboutTasks(byte[] question) {
        return new String(question, HEADER, 6, US_ASCII).equals("\5tasks");
    }

    private byte[] ask(byte[] question) throws IOException {
        try (DatagramSocket asking = new DatagramSocket()) {
            asking.setSoTimeout(5_000);
            InetAddress server = local(11);
            asking.send(new DatagramPacket(question, question.length, server, behind));
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            asking.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    /** An answer to a question for IPv4 addresses; to others, that there is nothing. */
    private byte[] lie(byte[] question) {
        int end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        int type = (question[end + 1] << 8) | (question[end + 2] & 0xff);
        List<byte[]> addresses = type == TYPE_A ? lies : List.of();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(new byte[] {question[0], question[1], (byte) 0x81, (byte) 0x80});
        answer.writeBytes(new byte[] {0, 1, 0, (byte) addresses.size(), 0, 0, 0, 0});
        answer.write(question, HEADER, end + 5 - HEADER);
        for (byte[] address : addresses) {
            // The name of the question, type A, class IN, for 5 s, 4 bytes.
            answer.writeBytes(new byte[] {(byte) 0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4});
            answer.writeBytes(address);
        }
        return answer.toByteArray();
    }
}
