// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that a capability needs from the host: a mount, a socket, a feature of the kernel.
 *
 * @param name what it is, in a word or two
 * @param missing why it is not there and what to do, asked whenever somebody looks; empty when it
 *     is there
 */
public record Need(String name, Supplier<Optional<Absence>> missing) {

    /**
     * Why a need is not met.
     *
     * @param why such as {@code /var/run/docker.sock is not mounted}
     * @param remedy what would change it
     */
    public record Absence(String why, String remedy) {}
}
