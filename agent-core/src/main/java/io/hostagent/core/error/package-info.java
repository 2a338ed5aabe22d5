// SPDX-License-Identifier: Apache-2.0
/** The failures that a caller of the agent can meet, and their status. */
@NullMarked
package io.hostagent.core.error;

import org.jspecify.annotations.NullMarked;
