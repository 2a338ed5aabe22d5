// SPDX-License-Identifier: Apache-2.0
/** The host below the agent: where its files are, seen from a container or from itself. */
@NullMarked
package io.hostagent.core.host;

import org.jspecify.annotations.NullMarked;
