// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import java.time.Duration;

/**
 * How often something is read that takes too long for a scrape. Scrapes are answered with what was
 * read last, and only a scrape has it read anew: nothing runs while nobody asks.
 *
 * @param on whether it is read at all
 * @param interval how old an answer is at least before it is read anew
 * @param budget how long one round may take; containers that were not reached keep their old values
 *     and are the first ones of the next round
 */
public record SlowLane(boolean on, Duration interval, Duration budget) {

    public SlowLane {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("an interval of " + interval + " is not positive");
        }
        if (budget.isNegative() || budget.isZero()) {
            throw new IllegalArgumentException("a budget of " + budget + " is not positive");
        }
    }

    /** One that is off until somebody turns it on. */
    static SlowLane off(Duration interval, Duration budget) {
        return new SlowLane(false, interval, budget);
    }

    /** The same, turned on. */
    public SlowLane turnedOn() {
        return new SlowLane(true, interval, budget);
    }
}
