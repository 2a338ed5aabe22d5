// SPDX-License-Identifier: Apache-2.0
/**
 * Browsing: listing, reading and changing files over HTTP, in volumes or of the whole host. Which
 * files there are is up to the capabilities.
 */
@NullMarked
package io.hostagent.core.files;

import org.jspecify.annotations.NullMarked;
