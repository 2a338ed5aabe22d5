// SPDX-License-Identifier: Apache-2.0
/** How the bytes of volumes are kept: one interface, and what stands behind it. */
@NullMarked
package io.hostagent.capability.volumes.backend;

import org.jspecify.annotations.NullMarked;
