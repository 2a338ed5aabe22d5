// SPDX-License-Identifier: Apache-2.0
/** Work that takes longer than a caller may want to wait. */
@NullMarked
package io.hostagent.capability.volumes.operation;

import org.jspecify.annotations.NullMarked;
