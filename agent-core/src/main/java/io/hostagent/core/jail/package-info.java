// SPDX-License-Identifier: Apache-2.0
/**
 * Files below one folder and nowhere else: every path is walked by the kernel, or step by step,
 * from an open handle of that folder, and what it leads to is used through a handle, too.
 */
@NullMarked
package io.hostagent.core.jail;

import org.jspecify.annotations.NullMarked;
