// SPDX-License-Identifier: Apache-2.0
/** The files and calls in which the kernel tells about the host. */
@NullMarked
package io.hostagent.core.kernel;

import org.jspecify.annotations.NullMarked;
