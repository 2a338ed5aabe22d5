// SPDX-License-Identifier: Apache-2.0
/** Who the other agents are, where they are, and how one speaks to them. */
@NullMarked
package io.hostagent.core.cluster;

import org.jspecify.annotations.NullMarked;
