// SPDX-License-Identifier: Apache-2.0
/** Wires the metrics capability into Spring. */
@NullMarked
package io.hostagent.capability.metrics.autoconfigure;

import org.jspecify.annotations.NullMarked;
