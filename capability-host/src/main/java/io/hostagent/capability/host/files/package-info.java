// SPDX-License-Identifier: Apache-2.0
/** The host's file system, as far as it can be browsed. */
@NullMarked
package io.hostagent.capability.host.files;

import org.jspecify.annotations.NullMarked;
