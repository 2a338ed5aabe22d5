// SPDX-License-Identifier: Apache-2.0
/** Reads the kernel's files over and over again, from bytes and without garbage. */
@NullMarked
package io.hostagent.capability.metrics.kernel;

import org.jspecify.annotations.NullMarked;
