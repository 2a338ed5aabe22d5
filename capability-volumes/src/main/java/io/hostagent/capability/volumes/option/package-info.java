// SPDX-License-Identifier: Apache-2.0
/** The options that a user may give for a volume, and what they come to on this host. */
@NullMarked
package io.hostagent.capability.volumes.option;

import org.jspecify.annotations.NullMarked;
