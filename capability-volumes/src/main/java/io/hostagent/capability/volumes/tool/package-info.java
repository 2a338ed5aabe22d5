// SPDX-License-Identifier: Apache-2.0
/** The only place from which this capability starts programs. */
@NullMarked
package io.hostagent.capability.volumes.tool;

import org.jspecify.annotations.NullMarked;
