// SPDX-License-Identifier: Apache-2.0
/** Proves with real engines and real docker clients that the agent carries the whole Docker API. */
@NullMarked
package io.hostagent.app.docker;

import org.jspecify.annotations.NullMarked;
