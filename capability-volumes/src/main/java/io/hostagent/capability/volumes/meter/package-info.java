// SPDX-License-Identifier: Apache-2.0
/** What volumes tell of themselves in numbers. */
@NullMarked
package io.hostagent.capability.volumes.meter;

import org.jspecify.annotations.NullMarked;
