// SPDX-License-Identifier: Apache-2.0
/**
 * Several agents of one Swarm, on the hosts of the lab: as processes, and as the stack file deploys
 * them.
 */
@NullMarked
package io.hostagent.app.cluster;

import org.jspecify.annotations.NullMarked;
