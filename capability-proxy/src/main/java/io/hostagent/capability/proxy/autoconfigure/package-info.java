// SPDX-License-Identifier: Apache-2.0
/** Wires the proxy into Spring. */
@NullMarked
package io.hostagent.capability.proxy.autoconfigure;

import org.jspecify.annotations.NullMarked;
