// SPDX-License-Identifier: Apache-2.0
/** The volume plugin as engines speak to it: a small HTTP server on a Unix socket. */
@NullMarked
package io.hostagent.capability.volumes.plugin;

import org.jspecify.annotations.NullMarked;
