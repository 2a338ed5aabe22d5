// SPDX-License-Identifier: Apache-2.0
/** What a volume is: its name, its record in the catalog, and what a user may ask of it. */
@NullMarked
package io.hostagent.capability.volumes.volume;

import org.jspecify.annotations.NullMarked;
