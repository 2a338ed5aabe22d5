// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import reactor.core.publisher.Mono;

/** Whether this agent is one of several, and how the others are found. */
@FunctionalInterface
interface Membership {

    /**
     * How the others are found; empty when there are none to look for.
     *
     * @return errors with {@link io.hostagent.core.error.ClusterException#unknownSelf} while nobody
     *     can tell
     */
    Mono<Discovery> discovery();
}
