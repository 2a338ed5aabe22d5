// SPDX-License-Identifier: Apache-2.0
/** Wires the host capability into Spring. */
@NullMarked
package io.hostagent.capability.host.autoconfigure;

import org.jspecify.annotations.NullMarked;
