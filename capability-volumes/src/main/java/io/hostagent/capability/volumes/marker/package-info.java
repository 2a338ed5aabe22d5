// SPDX-License-Identifier: Apache-2.0
/** What the bytes of a volume say of themselves, beside the bytes. */
@NullMarked
package io.hostagent.capability.volumes.marker;

import org.jspecify.annotations.NullMarked;
