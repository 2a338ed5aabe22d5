// SPDX-License-Identifier: Apache-2.0
/** The engine on this host, as the agent's own code asks it. */
@NullMarked
package io.hostagent.core.docker;

import org.jspecify.annotations.NullMarked;
