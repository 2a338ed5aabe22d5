// SPDX-License-Identifier: Apache-2.0
/**
 * The command line that works on an agent's data folder, or calls the agent that runs; it starts no
 * Spring.
 */
@NullMarked
package io.hostagent.app.command;

import org.jspecify.annotations.NullMarked;
