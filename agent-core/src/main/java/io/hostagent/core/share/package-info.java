// SPDX-License-Identifier: Apache-2.0
/** Lets requests that ask the same at the same time share one answer, and says which those are. */
@NullMarked
package io.hostagent.core.share;

import org.jspecify.annotations.NullMarked;
