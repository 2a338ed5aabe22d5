// SPDX-License-Identifier: Apache-2.0
/** Wires the volumes capability into Spring. */
@NullMarked
package io.hostagent.capability.volumes.autoconfigure;

import org.jspecify.annotations.NullMarked;
