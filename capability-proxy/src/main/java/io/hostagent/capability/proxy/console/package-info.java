// SPDX-License-Identifier: Apache-2.0
/** Consoles: a WebSocket joined with the terminal of a process in a container. */
@NullMarked
package io.hostagent.capability.proxy.console;

import org.jspecify.annotations.NullMarked;
