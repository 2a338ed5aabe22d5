// SPDX-License-Identifier: Apache-2.0
/** The calls of volumes over HTTP, on the agent's port and on a socket for root. */
@NullMarked
package io.hostagent.capability.volumes.web;

import org.jspecify.annotations.NullMarked;
