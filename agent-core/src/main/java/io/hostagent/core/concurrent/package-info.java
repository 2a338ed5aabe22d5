// SPDX-License-Identifier: Apache-2.0
/** The one bridge from blocking calls to reactive types. */
@NullMarked
package io.hostagent.core.concurrent;

import org.jspecify.annotations.NullMarked;
