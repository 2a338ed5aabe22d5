// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.meter;

import java.util.List;
import java.util.Map;

/**
 * What a capability tells of itself in numbers. Each capability that has some contributes one; they
 * are read when somebody scrapes, on a thread that may block for a moment, and at no other time.
 */
@FunctionalInterface
public interface OwnNumbers {

    /**
     * A number.
     *
     * @param name in full, such as {@code agent_volume_epoch}
     * @param help one sentence for people, the same for each number of this name
     * @param grows whether it only grows, until the agent is started anew
     * @param labels by their names
     */
    record OwnNumber(
            String name, String help, boolean grows, Map<String, String> labels, double value) {

        public OwnNumber {
            labels = Map.copyOf(labels);
        }
    }

    /** All of them, those of one name behind one another. */
    List<OwnNumber> read();
}
