// SPDX-License-Identifier: Apache-2.0
/** What the agent counts of itself, for whichever capability wants to show it. */
@NullMarked
package io.hostagent.core.meter;

import org.jspecify.annotations.NullMarked;
