// SPDX-License-Identifier: Apache-2.0
/** The contract between the agent and its capabilities. */
@NullMarked
package io.hostagent.core.capability;

import org.jspecify.annotations.NullMarked;
