// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import org.jspecify.annotations.Nullable;

/**
 * An agent that should be there and does not answer.
 *
 * @param name of the node, or the address as long as nobody knows the node
 * @param address where it was asked; {@code null} when it has none yet
 * @param why in a few words
 */
public record Absent(String name, @Nullable PeerAddress address, String why) {}
