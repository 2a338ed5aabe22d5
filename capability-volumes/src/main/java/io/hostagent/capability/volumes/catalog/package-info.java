// SPDX-License-Identifier: Apache-2.0
/** Which volumes there are and who owns them, changed by compare-and-set. */
@NullMarked
package io.hostagent.capability.volumes.catalog;

import org.jspecify.annotations.NullMarked;
