// SPDX-License-Identifier: Apache-2.0
/** Wires the core into Spring. */
@NullMarked
package io.hostagent.core.autoconfigure;

import org.jspecify.annotations.NullMarked;
