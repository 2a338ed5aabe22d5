// SPDX-License-Identifier: Apache-2.0
/** Puts one list together from those of several nodes, as they come. */
@NullMarked
package io.hostagent.capability.proxy.list;

import org.jspecify.annotations.NullMarked;
