// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;

/**
 * The interfaces of a network, from {@code /proc/PID/net/dev}. Not those that only lead to
 * containers, or back: {@code lo}, {@code veth…}, {@code docker…} and {@code nerdctl…}.
 */
final class NetworkDevices {

    private static final int HEADER_LINES = 2;

    /** The eight columns of each direction, of which the first four are told. */
    private static final Family[] COLUMNS = {
        DeviceFamilies.RECEIVED_BYTES,
        DeviceFamilies.RECEIVED_PACKETS,
        DeviceFamilies.RECEIVE_ERRORS,
        DeviceFamilies.RECEIVE_DROPPED,
        DeviceFamilies.SENT_BYTES,
        DeviceFamilies.SENT_PACKETS,
        DeviceFamilies.SEND_ERRORS,
        DeviceFamilies.SEND_DROPPED,
    };

    private static final int PER_DIRECTION = 4;
    private static final int UNTOLD = 4;

    private NetworkDevices() {}

    /** Takes the interfaces of a file that was read. */
    static void parse(Worker worker, Numbers numbers) throws KernelFormatException {
        KernelText text = worker.text();
        for (int i = 0; i < HEADER_LINES; i++) {
            if (!text.line()) {
                throw new KernelFormatException("no net/dev");
            }
        }
        while (text.line()) {
            if (!text.field() || isInternal(text)) {
                continue;
            }
            Labels labels = worker.networkInterface();
            for (int i = 0; i < COLUMNS.length; i++) {
                if ((i == PER_DIRECTION && !text.skip(UNTOLD)) || !text.field()) {
                    throw new KernelFormatException("net/dev ends within a line");
                }
                numbers.add(COLUMNS[i], labels, text.unsigned());
            }
        }
    }

    private static boolean isInternal(KernelText text) {
        return text.startsWith("lo")
                || text.startsWith("veth")
                || text.startsWith("docker")
                || text.startsWith("nerdctl");
    }
}
