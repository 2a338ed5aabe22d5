// SPDX-License-Identifier: Apache-2.0
/** The agent's own numbers. */
@NullMarked
package io.hostagent.capability.metrics.self;

import org.jspecify.annotations.NullMarked;
