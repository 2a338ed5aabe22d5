// SPDX-License-Identifier: Apache-2.0
/** The containers of this host, kept up to date by the engine's events. */
@NullMarked
package io.hostagent.core.docker.registry;

import org.jspecify.annotations.NullMarked;
