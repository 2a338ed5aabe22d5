// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How many sockets of a container's network are in which state, from {@code /proc/PID/net/tcp} and
 * the like. For each of these files the kernel goes through the sockets of the whole machine.
 */
final class SocketStates implements SlowNumbers.Source<SocketStates.Counts> {

    /** In the order of the kernel's numbers for them, which begin with 1; see tcp_states.h. */
    private static final List<String> TCP_STATES =
            List.of(
                    "established",
                    "synsent",
                    "synrecv",
                    "finwait1",
                    "finwait2",
                    "timewait",
                    "close",
                    "closewait",
                    "lastack",
                    "listen",
                    "closing");

    private static final List<Labels> TCP =
            TCP_STATES.stream().map(state -> Labels.of("tcp_state", state)).toList();
    private static final Labels LISTEN = Labels.of("udp_state", "listen");
    private static final Labels DROPPED = Labels.of("udp_state", "dropped");
    private static final Labels RECEIVE_QUEUE = Labels.of("udp_state", "rxqueued");
    private static final Labels SEND_QUEUE = Labels.of("udp_state", "txqueued");

    /** From the queues to the drops of {@code /proc/net/udp}. */
    private static final int QUEUES_TO_DROPS = 8;

    /**
     * What was found.
     *
     * @param tcp sockets of IPv4 by state
     * @param tcp6 of IPv6
     * @param udp listening, dropped, queued to be received, queued to be sent
     * @param udp6 of IPv6
     */
    record Counts(List<Long> tcp, List<Long> tcp6, List<Long> udp, List<Long> udp6) {}

    @Override
    public Counts read(SlowNumbers.Target target, BooleanSupplier stop) throws IOException {
        Path net =
                target.process()
                        .filter(process -> target.ownNetwork())
                        .orElseThrow(() -> new IOException("no network of its own"))
                        .resolve("net");
        KernelText text = new KernelText();
        return new Counts(
                tcp(net.resolve("tcp"), text),
                tcp(net.resolve("tcp6"), text),
                udp(net.resolve("udp"), text),
                udp(net.resolve("udp6"), text));
    }

    private static List<Long> tcp(Path file, KernelText text) throws IOException {
        return read(file, text) ? tcp(text) : List.of();
    }

    private static List<Long> udp(Path file, KernelText text) throws IOException {
        return read(file, text) ? udp(text) : List.of();
    }

    /** A kernel without IPv6 has no file about it. */
    private static boolean read(Path file, KernelText text) throws IOException {
        try {
            text.read(file);
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /** Counts the sockets of a file that was read, by state. */
    static List<Long> tcp(KernelText text) throws KernelFormatException {
        long[] counts = new long[TCP_STATES.size()];
        text.line();
        while (text.line()) {
            if (!text.skip(4)) {
                continue;
            }
            long state = text.hexadecimal();
            // A request that is being answered has a number of its own, 12, and is a synrecv.
            int index = state == counts.length + 1 ? 2 : (int) state - 1;
            if (index >= 0 && index < counts.length) {
                counts[index]++;
            }
        }
        return Arrays.stream(counts).boxed().toList();
    }

    /** Adds up the sockets of a file that was read. */
    static List<Long> udp(KernelText text) throws KernelFormatException {
        long listening = 0;
        long dropped = 0;
        long receiving = 0;
        long sending = 0;
        text.line();
        while (text.line()) {
            if (!text.skip(5)) {
                continue;
            }
            String queues = text.text();
            int colon = queues.indexOf(':');
            if (colon < 0) {
                throw new KernelFormatException("'" + queues + "' are no queues");
            }
            sending += hexadecimal(queues.substring(0, colon));
            receiving += hexadecimal(queues.substring(colon + 1));
            if (text.skip(QUEUES_TO_DROPS)) {
                dropped += text.number();
            }
            listening++;
        }
        return List.of(listening, dropped, receiving, sending);
    }

    private static long hexadecimal(String text) throws KernelFormatException {
        try {
            return Long.parseLong(text, 16);
        } catch (NumberFormatException e) {
            throw new KernelFormatException("'" + text + "' is no number in base 16");
        }
    }

    @Override
    public void add(Counts counts, Numbers numbers) {
        add(DeviceFamilies.TCP, TCP, counts.tcp(), numbers);
        add(DeviceFamilies.TCP6, TCP, counts.tcp6(), numbers);
        List<Labels> udp = List.of(LISTEN, DROPPED, RECEIVE_QUEUE, SEND_QUEUE);
        add(DeviceFamilies.UDP, udp, counts.udp(), numbers);
        add(DeviceFamilies.UDP6, udp, counts.udp6(), numbers);
    }

    private static void add(
            Family family, List<Labels> details, List<Long> counts, Numbers numbers) {
        for (int i = 0; i < counts.size(); i++) {
            numbers.add(family, details.get(i), (double) counts.get(i));
        }
    }
}
