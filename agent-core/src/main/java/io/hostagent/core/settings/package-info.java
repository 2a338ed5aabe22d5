// SPDX-License-Identifier: Apache-2.0
/** What the operator sets through environment variables, read and checked in one place. */
@NullMarked
package io.hostagent.core.settings;

import org.jspecify.annotations.NullMarked;
