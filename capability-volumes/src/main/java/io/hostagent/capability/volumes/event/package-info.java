// SPDX-License-Identifier: Apache-2.0
/** What happens to volumes, for whoever wants to know. */
@NullMarked
package io.hostagent.capability.volumes.event;

import org.jspecify.annotations.NullMarked;
